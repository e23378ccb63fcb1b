using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Identity;

/// <summary>Ends within seconds what goes on for long with a key that is removed. One question to the key ring for all of them.</summary>
internal sealed partial class KeyWatch(IKeyRing keys, TimeProvider time, ILogger<KeyWatch> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<KeyLease> _leases = [];
    private bool _isRunning;

    /// <summary>To be disposed by whoever has ended.</summary>
    public KeyLease Follow(AccessKey key)
    {
        var lease = new KeyLease(key, Leave);
        lock (_lock)
        {
            _leases.Add(lease);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync); // ends when nobody is left; what fails in it is tried again
            }
        }

        return lease;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await Task.Delay(Period, time);
            KeyLease[] leases;
            lock (_lock)
            {
                if (_leases.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                leases = [.. _leases];
            }

            try
            {
                var there = (await keys.ListAsync(CancellationToken.None)).ToDictionary(key => key.Id);
                foreach (var lease in leases.Where(lease => !(there.TryGetValue(lease.Key.Id, out var key) && key.Hash.Matches(lease.Key.Hash))))
                {
                    await lease.EndAsync();
                }
            }
            catch (Exception e) // nobody can say that a key is removed while the ring does not answer
            {
                LogFailed(e);
            }
        }
    }

    private void Leave(KeyLease lease)
    {
        lock (_lock)
        {
            _leases.Remove(lease);
        }
    }

    [LoggerMessage(3008, LogLevel.Warning, "The keys cannot be read; streams of removed keys go on until they can")]
    private partial void LogFailed(Exception exception);
}

/// <summary>Something that goes on as long as its key is there.</summary>
internal sealed class KeyLease(AccessKey key, Action<KeyLease> leave) : IDisposable
{
    private readonly CancellationTokenSource _removed = new();

    public AccessKey Key => key;

    /// <summary>Canceled within seconds of the removal.</summary>
    public CancellationToken Removed => _removed.Token;

    public Task EndAsync() => _removed.CancelAsync();

    // The source has no timer, and may be canceled just now: there is nothing to dispose of.
    public void Dispose() => leave(this);
}
