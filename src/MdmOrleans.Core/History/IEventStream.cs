using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>The events of a tenant in the order in which they became visible: for whoever needs to know and is not on the check-in's path.</summary>
/// <remarks>
/// Whoever goes on from the cursor that it was given sees every event once, over restarts and however many writers commit in whichever
/// order: a cursor never passes a write that is still under way. Events of one device come in the order of their numbers.
/// </remarks>
public interface IEventStream
{
    /// <summary>Behind everything that is visible now.</summary>
    ValueTask<EventCursor> FindEndAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>What became visible behind <paramref name="after"/>.</summary>
    /// <param name="after">Null: from the oldest event that is kept.</param>
    /// <param name="kinds">Of <see cref="EventKinds"/>; empty: all.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <returns>Refused when the cursor never was, or when events behind it have been pruned.</returns>
    ValueTask<Outcome<EventPage>> ReadAsync(
        TenantId tenant, EventCursor? after, ImmutableArray<string> kinds, int limit, CancellationToken cancellationToken);
}

/// <param name="Next">Where to go on; moves on also where no event was of the kinds asked for.</param>
/// <param name="HasMore">False: this was all there is for now.</param>
public sealed record EventPage(ImmutableArray<StreamedEvent> Events, EventCursor Next, bool HasMore);

/// <param name="Cursor">Behind this event.</param>
public sealed record StreamedEvent(DeviceId Device, DeviceEvent Event, EventCursor Cursor);
