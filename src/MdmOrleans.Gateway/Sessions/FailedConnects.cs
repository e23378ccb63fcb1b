using System.Net;
using MdmOrleans.Core.Access;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>CONNECTs that failed, by address: whoever guesses names or tokens does it slowly, and a twin is not looked for each time.</summary>
/// <remarks>
/// At most <c>capacity</c> addresses are remembered, and the one that failed longest ago is forgotten first. Whoever has more addresses
/// than that gains nothing by it: each of them has its burst anyway.
/// </remarks>
internal sealed class FailedConnects(int perSecond, int burst, TimeProvider time, int capacity = 16_384)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AddressOrigin, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];

    /// <summary>False while every CONNECT from there is refused.</summary>
    public bool MayTry(IPAddress? address)
    {
        lock (_gate)
        {
            return !_entries.TryGetValue(AddressOrigin.Of(address), out var node) || !node.Value.Bucket.IsEmpty;
        }
    }

    /// <summary>Counts one that failed; false when it is one too many.</summary>
    public bool TryCount(IPAddress? address)
    {
        var origin = AddressOrigin.Of(address);
        lock (_gate)
        {
            if (_entries.TryGetValue(origin, out var node))
            {
                _byAge.Remove(node);
            }
            else
            {
                MakeRoom();
                node = new LinkedListNode<Entry>(new Entry(origin, new TokenBucket(perSecond, burst, time)));
                _entries.Add(origin, node);
            }

            _byAge.AddLast(node);
            return node.Value.Bucket.TryTake();
        }
    }

    private void MakeRoom()
    {
        if (_entries.Count >= capacity && _byAge.First is { } oldest)
        {
            _byAge.Remove(oldest);
            _entries.Remove(oldest.Value.Origin);
        }
    }

    private sealed record Entry(AddressOrigin Origin, TokenBucket Bucket);
}
