using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What was sent with QoS 1 and is not acknowledged, and the commands that wait for a place.</summary>
/// <remarks>Not thread-safe: used under the connection's lock. Made only for connections that ever get a command.</remarks>
internal sealed class OutboundWindow(int size)
{
    /// <summary>As many as a device can have pending at once: more is in the twin's queue only, and comes with a later check-in.</summary>
    private const int MaximumWaiting = CommandQueue.Capacity + CommandQueue.ReservedCapacity;

    private readonly Dictionary<ushort, ImmutableArray<Guid>> _inFlight = [];
    private readonly Queue<DeviceCommand> _waiting = [];
    private ushort _lastId;

    public bool HasWaiting => _waiting.Count > 0;

    public bool HasRoom => _inFlight.Count < size;

    /// <summary>Takes a place for a message that carries <paramref name="commands"/>; only while there is room.</summary>
    public ushort Open(ImmutableArray<Guid> commands)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_inFlight.ContainsKey(_lastId));

        _inFlight.Add(_lastId, commands);
        return _lastId;
    }

    /// <summary>Gives the place back. False when nothing was sent under this id.</summary>
    public bool TryClose(ushort packetId, out ImmutableArray<Guid> commands) => _inFlight.Remove(packetId, out commands);

    /// <summary>Drops it when it is on its way already, or too many wait: the twin's queue is the truth, this is a hint.</summary>
    public void Wait(DeviceCommand command)
    {
        if (_waiting.Count < MaximumWaiting && !IsOnItsWay(command.Id))
        {
            _waiting.Enqueue(command);
        }
    }

    public bool IsOnItsWay(Guid id)
    {
        foreach (var sent in _inFlight.Values)
        {
            if (sent.Contains(id))
            {
                return true;
            }
        }

        foreach (var waiting in _waiting)
        {
            if (waiting.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next command that waits and is still alive.</summary>
    public bool TryNext(DateTimeOffset now, [NotNullWhen(true)] out DeviceCommand? command)
    {
        while (_waiting.TryDequeue(out command))
        {
            if (command.ExpiresAt > now)
            {
                return true;
            }
        }

        return false;
    }
}
