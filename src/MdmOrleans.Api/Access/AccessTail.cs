using System.Collections.Immutable;
using MdmOrleans.Core.History;

namespace MdmOrleans.Api.Access;

/// <summary>The newest access changes of a tenant, as the one who polls for all of its followers has them.</summary>
/// <param name="Events">Every change behind <paramref name="Start"/> up to <paramref name="End"/>; at most <see cref="Capacity"/>.</param>
/// <param name="Start">Who stands before it has to ask the database.</param>
/// <param name="Changed">Completes when there is another tail with more events in it.</param>
internal sealed record AccessTail(ImmutableArray<StreamedEvent> Events, EventCursor Start, EventCursor End, TaskCompletionSource Changed)
{
    /// <summary>Bounds what a tenant holds in memory, however many follow it and however slowly.</summary>
    private const int Capacity = 1024;

    private static readonly EventCursor Never = new(ulong.MaxValue, long.MaxValue);

    /// <summary>Nothing is known yet: everybody stands before its start.</summary>
    public bool IsUnknown => End == Never;

    public static AccessTail Unknown() => Begin(Never);

    public static AccessTail Begin(EventCursor at) => new([], at, at, NewSignal());

    public AccessTail Append(EventPage page)
    {
        if (page.Events.IsEmpty)
        {
            return this with { End = page.Next };
        }

        var all = Events.AddRange(page.Events);
        return all.Length <= Capacity
            ? new AccessTail(all, Start, page.Next, NewSignal())
            : new AccessTail(all[^Capacity..], all[^(Capacity + 1)].Cursor, page.Next, NewSignal());
    }

    /// <summary>What comes behind <paramref name="after"/>; null when that is further back than this reaches.</summary>
    public EventPage? Read(EventCursor after)
    {
        if (after < Start)
        {
            return null;
        }

        var first = Events.Length;
        while (first > 0 && Events[first - 1].Cursor > after)
        {
            first--;
        }

        return new EventPage(Events[first..], after > End ? after : End, HasMore: false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
