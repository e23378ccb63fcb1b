using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>Why a chain is not whole.</summary>
public enum ChainFault
{
    /// <summary>An event is not what was sealed: it, or the one before it, was changed, or it is another device's.</summary>
    Altered,

    /// <summary>An event between two others is not there.</summary>
    Missing,

    /// <summary>The last events are not there.</summary>
    Truncated,
}

/// <summary>Follows a chain event by event, with nothing but its end in memory.</summary>
/// <param name="anchor">The last event that was pruned: the chain begins behind it. Null: it begins with the first event.</param>
/// <param name="expectedEnd">What the twin says is its newest event.</param>
public sealed class ChainAudit(DeviceId device, DeviceEvent? anchor, EventChain expectedEnd)
{
    private int _hashVersion = anchor?.HashVersion ?? EventChain.WithoutDevice;

    public EventChain Start { get; } = anchor is null ? EventChain.Empty : new EventChain(anchor.Number, anchor.Hash);

    /// <summary>The last event that is as it was sealed.</summary>
    public EventChain End { get; private set; } = anchor is null ? EventChain.Empty : new EventChain(anchor.Number, anchor.Hash);

    public ChainFault? Fault { get; private set; }

    /// <summary>Takes the next event.</summary>
    /// <returns>False when the chain is broken here: nothing behind it can be proved.</returns>
    public bool Add(DeviceEvent entry)
    {
        if (entry.Number != End.Number + 1)
        {
            Fault = ChainFault.Missing;
        }
        else if (entry.HashVersion < _hashVersion || !EventChain.IsIntact(device, End, entry))
        {
            Fault = ChainFault.Altered;
        }
        else
        {
            _hashVersion = entry.HashVersion; // a chain goes from one version to the next, and never back
            End = new EventChain(entry.Number, entry.Hash);
            Fault = entry.Number == expectedEnd.Number && End != expectedEnd ? ChainFault.Altered : null;
        }

        return Fault is null;
    }

    /// <summary>There is no next event.</summary>
    public void Complete()
    {
        if (Fault is null && End.Number < expectedEnd.Number)
        {
            Fault = ChainFault.Truncated;
        }
    }
}
