using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Access;

/// <summary>One feed for each tenant that somebody follows here, however many do.</summary>
internal sealed class AccessFeeds(IEventStream events, AccessInstruments instruments, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>What one process serves at once. Each holds a connection and next to no memory.</summary>
    public const int MaxFollowers = 2000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, Running> _running = [];
    private int _followers;

    /// <summary>To be disposed by who stops following; null when too many do already.</summary>
    public AccessFollower? TryFollow(TenantId tenant)
    {
        lock (_lock)
        {
            if (_followers == MaxFollowers)
            {
                return null;
            }

            _followers++;
            if (!_running.TryGetValue(tenant, out var running))
            {
                _running[tenant] = running = Start(tenant);
            }

            running.Followers++;
            instruments.Followers(_followers);
            return new AccessFollower(running.Feed, () => Leave(tenant, running));
        }
    }

    private Running Start(TenantId tenant)
    {
        var running = new Running(new TenantAccessFeed(tenant, events, instruments, time, loggers.CreateLogger<TenantAccessFeed>()));
        _ = Task.Run(() => running.Feed.RunAsync(running.Stop.Token)); // ends when the last one leaves; what fails in it is tried again
        return running;
    }

    private void Leave(TenantId tenant, Running running)
    {
        lock (_lock)
        {
            _followers--;
            instruments.Followers(_followers);
            if (--running.Followers == 0)
            {
                _running.Remove(tenant);
                running.Stop.Cancel();
            }
        }
    }

    private sealed class Running(TenantAccessFeed feed)
    {
        public TenantAccessFeed Feed => feed;

        public CancellationTokenSource Stop { get; } = new();

        public int Followers { get; set; }
    }
}

/// <summary>Somebody who follows the access changes of a tenant.</summary>
internal sealed class AccessFollower(TenantAccessFeed feed, Action leave) : IDisposable
{
    public TenantAccessFeed Feed => feed;

    public void Dispose() => leave();
}
