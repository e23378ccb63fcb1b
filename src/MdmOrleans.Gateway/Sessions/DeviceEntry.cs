namespace MdmOrleans.Gateway.Sessions;

/// <summary>What this gateway knows of one device, whichever of its connections it is about.</summary>
/// <remarks>It outlives them for as long as its limits matter, or connecting again would be a way to publish more.</remarks>
internal sealed class DeviceEntry(TokenBucket limits)
{
    private readonly Lock _gate = new();
    private int _connections;

    public TokenBucket Limits => limits;

    /// <summary>The newest of its connections; null when that one is gone.</summary>
    public MqttSession? Newest { get; private set; }

    /// <summary>True when forgetting it gives nobody anything.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_gate)
            {
                return _connections == 0 && limits.IsFull;
            }
        }
    }

    /// <returns>The connection that this one takes over from; null when there is none.</returns>
    public MqttSession? Add(MqttSession session)
    {
        lock (_gate)
        {
            _connections++;
            var older = Newest;
            Newest = Newest is null || session.Epoch > Newest.Epoch ? session : Newest;
            return Newest == session ? older : null;
        }
    }

    public void Remove(MqttSession session)
    {
        lock (_gate)
        {
            _connections--;
            Newest = Newest == session ? null : Newest;
        }
    }
}
