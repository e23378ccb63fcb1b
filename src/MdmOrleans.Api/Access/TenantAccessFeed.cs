using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Access;

/// <summary>Polls the access changes of one tenant for everybody here who follows it; runs only while somebody does.</summary>
internal sealed partial class TenantAccessFeed(
    TenantId tenant, IEventStream events, AccessInstruments instruments, TimeProvider time, ILogger<TenantAccessFeed> logger)
{
    public const int PageSize = 500;

    private static readonly ImmutableArray<string> Kinds = [EventKinds.AccessChanged];

    // A change is told within a second of its commit; the question costs the database some 100 µs.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private volatile AccessTail _tail = AccessTail.Unknown();

    /// <summary>Completes, after what was read before, when there is more to read.</summary>
    public Task Changed => _tail.Changed.Task;

    public ValueTask<EventCursor> FindEndAsync(CancellationToken cancellationToken) => events.FindEndAsync(tenant, cancellationToken);

    /// <summary>The changes behind <paramref name="after"/>: from memory, or, for who is far behind, from the database.</summary>
    public async ValueTask<Outcome<EventPage>> ReadAsync(EventCursor after, CancellationToken cancellationToken) =>
        _tail.Read(after) is { } recent ? recent : await AskAsync(after, cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, and refuses a cursor that never was or whose past is gone.</summary>
    public ValueTask<Outcome<EventPage>> AskAsync(EventCursor after, CancellationToken cancellationToken) =>
        events.ReadAsync(tenant, after, Kinds, PageSize, cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = Period;
            try
            {
                await AdvanceAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested) // those who follow must not wait for ever
            {
                LogFailed(e, tenant);
                pause = PauseAfterFailure;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        if (_tail.IsUnknown)
        {
            Replace(AccessTail.Begin(await FindEndAsync(cancellationToken)));
        }

        EventPage? page;
        do
        {
            page = (await AskAsync(_tail.End, cancellationToken)).Value;
            if (page is null) // it stood still for longer than events are kept
            {
                Replace(AccessTail.Begin(await FindEndAsync(cancellationToken)));
                return;
            }

            instruments.Changed(page.Events, time.GetUtcNow());
            Replace(_tail.Append(page));
        }
        while (page.HasMore);
    }

    private void Replace(AccessTail next)
    {
        var before = _tail;
        _tail = next;
        if (!ReferenceEquals(before.Changed, next.Changed))
        {
            before.Changed.SetResult();
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The access changes of tenant {Tenant} cannot be read now; its streams are waiting")]
    private partial void LogFailed(Exception exception, TenantId tenant);
}
