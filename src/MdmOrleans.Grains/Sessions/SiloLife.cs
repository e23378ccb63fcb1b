using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Sessions;

/// <summary>Whether this silo is still a member of its cluster.</summary>
public interface ISiloLife
{
    /// <summary>True when the membership table said so within the last five seconds, which is sooner than a silo is ever declared dead; else it is asked.</summary>
    /// <remarks>What is answered from memory needs it: a process that was stopped comes back with twins that live elsewhere by now.</remarks>
    ValueTask<bool> IsCertainAsync();
}

/// <summary>Looks into the membership table every two seconds.</summary>
internal sealed partial class SiloLife(
    IMembershipTable table,
    ILocalSiloDetails local,
    [FromKeyedServices(TimeProviderNames.Membership)] TimeProvider time,
    ILogger<SiloLife> logger)
    : ISiloLife, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _watch = Task.CompletedTask;
    private Task<bool>? _look;
    private long _seenAt; // when the last look began that found it alive
    private bool _wasSeen;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloLife), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    public ValueTask<bool> IsCertainAsync() =>
        Volatile.Read(ref _wasSeen) && time.GetElapsedTime(Volatile.Read(ref _seenAt)) < Life ? new(true) : new(LookAsync());

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = Task.Run(WatchAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watch;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await LookAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            return; // the silo stops
        }
    }

    /// <summary>One look at a time, for everybody who waits.</summary>
    private Task<bool> LookAsync()
    {
        lock (_lock)
        {
            return _look is { IsCompleted: false } ? _look : _look = ReadAsync();
        }
    }

    private async Task<bool> ReadAsync()
    {
        var begun = time.GetTimestamp();
        try
        {
            var found = await table.ReadRowAsync(local.SiloAddress, CancellationToken.None).WaitAsync(Patience, time);
            var isAlive = found.Members.Any(member => member.Item1.SiloAddress.Equals(local.SiloAddress) && member.Item1.Status != SiloStatus.Dead);
            if (!isAlive)
            {
                LogDead();
                return false;
            }

            Volatile.Write(ref _seenAt, begun);
            Volatile.Write(ref _wasSeen, true);
            return time.GetElapsedTime(begun) < Life; // it may have been stopped while it asked
        }
        catch (Exception e) // whatever it was, nothing is certain
        {
            LogUnknown(e);
            return false;
        }
    }

    [LoggerMessage(1211, LogLevel.Error, "The cluster has given this silo up: it answers nothing from memory any more")]
    private partial void LogDead();

    [LoggerMessage(1212, LogLevel.Debug, "The membership table did not answer")]
    private partial void LogUnknown(Exception exception);
}
