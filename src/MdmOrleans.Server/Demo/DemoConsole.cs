using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Server.Demo;

/// <summary>Writes a line for each event of the demo's devices, from when it is made.</summary>
internal sealed class DemoConsole(IEventStream events, TextWriter output, bool isColored)
{
    private const int PageSize = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Colors are for people in front of a terminal who did not ask for none.</summary>
    /// <param name="noColor">The variable <c>NO_COLOR</c>: anything in it asks for none.</param>
    public static bool WantsColor(bool isRedirected, string? noColor) => !isRedirected && string.IsNullOrEmpty(noColor);

    public async Task RunAsync(IEnumerable<TenantId> tenants, CancellationToken stop)
    {
        var cursors = new Dictionary<TenantId, EventCursor>();
        foreach (var tenant in tenants)
        {
            cursors[tenant] = await events.FindEndAsync(tenant, stop);
        }

        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (var tenant in cursors.Keys.ToImmutableArray())
            {
                try
                {
                    cursors[tenant] = await WriteNewAsync(tenant, cursors[tenant], stop);
                }
                catch (StorageUnavailableException)
                {
                    continue; // the server says so; what was missed is read when the database is back
                }
            }
        }
    }

    private async Task<EventCursor> WriteNewAsync(TenantId tenant, EventCursor after, CancellationToken stop)
    {
        if ((await events.ReadAsync(tenant, after, [], PageSize, stop)).Value is not { } page)
        {
            return await events.FindEndAsync(tenant, stop); // pruned meanwhile
        }

        foreach (var streamed in page.Events)
        {
            output.WriteLine(DemoLine.Of(streamed, isColored, TimeZoneInfo.Local));
        }

        return page.Next;
    }
}
