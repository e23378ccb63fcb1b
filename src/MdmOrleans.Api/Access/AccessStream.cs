using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Access;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Access;

/// <summary>One who follows, from a cursor on: as a stream of events, or for one answer.</summary>
/// <remarks>Holds a page at most: whoever does not read holds up itself, and goes on from the database when it is too far behind.</remarks>
internal sealed class AccessStream(AccessFollower follower, AccessStreamContext context, EventCursor start) : IDisposable
{
    // Often enough for proxies that close what is silent for 30 seconds.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private EventCursor _place = start;

    public void Dispose()
    {
        follower.Dispose();
        context.Lease.Dispose();
    }

    /// <summary>What there is, or what comes within <paramref name="patience"/>; nothing more when the server stops, and refused when the key is removed.</summary>
    public async Task<Outcome<AccessChangesBody>> PollAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Stopping, context.Lease.Removed);
        var startedAt = context.Time.GetTimestamp();
        while (true)
        {
            var (events, changed) = await ReadAsync(cancellationToken);
            if (context.Lease.Removed.IsCancellationRequested)
            {
                return ProblemCatalog.KeyRemoved;
            }

            var left = patience - context.Time.GetElapsedTime(startedAt);
            if (!events.IsEmpty || changed is null || left <= TimeSpan.Zero || context.Stopping.IsCancellationRequested)
            {
                var zone = await FindZoneAsync();
                return new AccessChangesBody([.. events.Select(e => ToBody(e, zone))], _place.ToText(context.Tenant));
            }

            await changed.WaitAsync(left, context.Time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until the client goes, the server stops, the key is removed or the database fails: whoever comes again goes on where it was.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = AccessStreamResult.ContentType;
        http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would collect events before it passes them on
        if (HeadRequest.Is(http))
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, context.Stopping, context.Lease.Removed);
        try
        {
            await WriteAsync(http.Response.BodyWriter, stop.Token);
        }
        catch (Exception e) when (stop.IsCancellationRequested || UnexpectedFailures.IsOutage(e))
        {
            return;
        }
    }

    private async Task WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        // Where it starts, for who loses the connection before the first change.
        Write(writer, $"retry: 1000\nid: {_place.ToText(context.Tenant)}\n\n");
        await writer.FlushAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (events, changed) = await ReadAsync(cancellationToken);
            if (changed is null)
            {
                return;
            }

            if (!events.IsEmpty)
            {
                await WriteAsync(writer, events, cancellationToken);
                continue;
            }

            await changed.WaitAsync(Heartbeat, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!changed.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                Write(writer, $": still here\nid: {_place.ToText(context.Tenant)}\n\n");
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    private async Task WriteAsync(PipeWriter writer, ImmutableArray<StreamedEvent> events, CancellationToken cancellationToken)
    {
        var zone = await FindZoneAsync();
        foreach (var change in events)
        {
            Write(writer, $"id: {change.Cursor.ToText(context.Tenant)}\ndata: ");
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(ToBody(change, zone), HttpJson.Default.AccessChangeBody));
            Write(writer, "\n\n");
        }

        await writer.FlushAsync(cancellationToken);
    }

    /// <summary>What is new, and what to wait for when nothing is: null when what follows has been pruned, as the client is told when it comes again.</summary>
    private async ValueTask<(ImmutableArray<StreamedEvent> Events, Task? Changed)> ReadAsync(CancellationToken cancellationToken)
    {
        var changed = follower.Feed.Changed; // first: what comes in between must not be waited for
        var page = await follower.Feed.ReadAsync(_place, cancellationToken);
        if (page.Value is not { } read)
        {
            return ([], null);
        }

        _place = read.Next;
        return (read.Events, changed);
    }

    /// <summary>As it is now: it may have been changed while the stream was open.</summary>
    private async ValueTask<string?> FindZoneAsync() =>
        (await context.Tenants.FindAsync(context.Tenant))?.Tenant.Settings.QuarantineZone;

    private static AccessChangeBody ToBody(StreamedEvent change, string? zone) => new()
    {
        Device = change.Device.Name,
        Access = change.Event.To ?? AccessNames.Block,
        Zone = change.Event.To == AccessNames.Quarantine ? zone : null,
        Reason = change.Event.Reason ?? string.Empty,
        At = change.Event.At,
    };

    private static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);
}
