using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>All connections of this gateway, by the id in their session epoch.</summary>
internal sealed class SessionRegistry(IOptions<MqttOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, MqttSession> _sessions = new();
    private readonly ConcurrentDictionary<DeviceId, DeviceEntry> _devices = new();
    private readonly ConcurrentDictionary<Action, long> _leaving = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _speaking;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the gateway is going down: connections are refused.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Completes when the gateway is draining and the last connection that ever spoke is gone.</summary>
    public Task Drained => _drained.Task;

    public void Add(MqttSession session)
    {
        _sessions[session.Connection] = session;
        Interlocked.Increment(ref _count);
    }

    /// <summary>The connection has sent its CONNECT: the gateway does not go down without a word to it.</summary>
    public void AddSpeaking() => Interlocked.Increment(ref _speaking);

    /// <param name="abort">Called after a while, in case the client does not take what is still to be sent.</param>
    public void Remove(MqttSession session, Action abort)
    {
        _leaving[abort] = time.GetTimestamp();
        _sessions.TryRemove(session.Connection, out _);
        Interlocked.Decrement(ref _count);
        if (session.HasSpoken && Interlocked.Decrement(ref _speaking) == 0 && IsDraining)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>The connection that this epoch means.</summary>
    public bool TryFind(DeviceId device, SessionEpoch epoch, [NotNullWhen(true)] out MqttSession? session) =>
        _sessions.TryGetValue(epoch.Connection, out session) && session.IsOf(device);

    /// <summary>The epoch of the device's newest connection here; null when there is none.</summary>
    public SessionEpoch? NewestOf(DeviceId device) => _devices.TryGetValue(device, out var entry) ? entry.Newest?.Epoch : null;

    public int CountOf(TenantId tenant)
    {
        var count = 0;
        foreach (var (_, session) in _sessions)
        {
            count += session.IsConnectedFor(tenant) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Where what is known of the device is kept; the connection is in it until it is removed from it.</summary>
    public DeviceEntry AddTo(DeviceId device, MqttSession session, out MqttSession? older)
    {
        var entry = _devices.GetOrAdd(
            device,
            static (_, given) => new DeviceEntry(new TokenBucket(given.Options.MessagesPerSecond, given.Options.MessageBurst, given.Time)),
            (Options: options.Value, Time: time));
        older = entry.Add(session);
        return entry;
    }

    /// <summary>Enforces every time limit of every connection. Cheap: nothing is looked at but a few fields of each.</summary>
    public void Sweep()
    {
        var now = time.GetTimestamp();
        foreach (var (_, session) in _sessions)
        {
            session.Tick(now);
        }

        foreach (var (abort, since) in _leaving)
        {
            if (time.GetElapsedTime(since, now) > MqttSession.CloseTimeout)
            {
                _leaving.TryRemove(abort, out _);
                abort();
            }
        }
    }

    /// <summary>Forgets devices that are gone and have regained their burst.</summary>
    public void ForgetDevices()
    {
        foreach (var (device, entry) in _devices)
        {
            if (entry.IsUnused)
            {
                _devices.TryRemove(device, out _);
            }
        }
    }

    /// <summary>Refuses new connections and tells those that are there to look for another gateway.</summary>
    public void Drain()
    {
        IsDraining = true;
        foreach (var (_, session) in _sessions)
        {
            session.CloseAfterWork(ReasonCode.ServerShuttingDown, "The gateway is shutting down.");
        }

        if (Volatile.Read(ref _speaking) == 0)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Ends those that have not spoken, or not finished in time.</summary>
    public void CloseAll()
    {
        foreach (var (_, session) in _sessions)
        {
            session.Close(ReasonCode.ServerShuttingDown, "The gateway is shutting down.");
        }
    }
}
