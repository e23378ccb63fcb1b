using System.Text;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What a connection is subscribed to.</summary>
/// <remarks>
/// Connecting subscribes to everything below <c>dn/</c> with QoS 1. What the client asks for comes on top and never lowers that; only an
/// UNSUBSCRIBE of that filter ends it. Used under the connection's lock; made only for clients that ask for anything.
/// </remarks>
internal sealed class SubscriptionSet
{
    /// <summary>Most filters that a client can ask for.</summary>
    public const int Capacity = 32;

    private readonly Dictionary<string, (byte[] Filter, byte QoS)> _asked = [];
    private bool _everything = true;

    /// <summary>False when there are too many.</summary>
    public bool TryAdd(string filter, byte qos)
    {
        if (_asked.Count >= Capacity && !_asked.ContainsKey(filter))
        {
            return false;
        }

        _asked[filter] = (Encoding.UTF8.GetBytes(filter), qos);
        return true;
    }

    /// <summary>False when there was none.</summary>
    /// <param name="isEverything">Whether it is the filter that connecting subscribed to.</param>
    public bool Remove(string filter, bool isEverything)
    {
        var removed = _asked.Remove(filter) | (isEverything && _everything);
        _everything &= !isEverything;
        return removed;
    }

    /// <summary>The QoS with which a message of this topic is delivered; null when it is not.</summary>
    public byte? QoSOf(ReadOnlySpan<byte> topic)
    {
        if (_everything)
        {
            return 1;
        }

        byte? qos = null;
        foreach (var (filter, granted) in _asked.Values)
        {
            if (TopicName.Matches(filter, topic))
            {
                qos = Math.Max(qos ?? 0, granted);
            }
        }

        return qos;
    }
}
