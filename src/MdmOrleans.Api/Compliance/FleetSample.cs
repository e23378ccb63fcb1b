using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Api.Compliance;

/// <summary>Judges what a change would do to a fleet: to all of it, or to a sample that a stable hash chooses, within two seconds.</summary>
internal sealed class FleetSample(IDeviceQueries queries, TimeProvider time)
{
    private const int Size = 2000;
    private const int PageSize = 250;
    private const int NamesPageSize = 5000;
    private const int Shards = 256;
    private const int FewShards = 8;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    /// <returns>The effect, and the devices of the fleet; more than were judged where it is a sample.</returns>
    public async Task<(FleetEffect Effect, long Fleet)> JudgeAsync(
        TenantView before, TenantView after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var (names, fleet) = await ChooseAsync(before.Tenant.Id, Fleet.At(now), now, cancellationToken);
        var effect = FleetEffect.None;
        foreach (var page in names.Chunk(PageSize))
        {
            var devices = await queries.ListAsync(before.Tenant.Id, new DeviceFilter { Names = [.. page] }, after: null, PageSize, cancellationToken);
            effect = devices.Aggregate(effect, (sum, device) => sum.Add(device, before, after, now));
            if (time.GetElapsedTime(startedAt) > Budget)
            {
                break; // what was judged until now is a sample as well: the names are in the order of their hash
            }
        }

        return (effect, fleet);
    }

    /// <summary>Counting a large fleet takes longer than judging the sample, so that a few shards stand for all.</summary>
    private async Task<(IEnumerable<string> Names, long Fleet)> ChooseAsync(
        TenantId tenant, DeviceFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var few = await queries.SummarizeAsync(tenant, filter with { ShardsBelow = FewShards }, now, cancellationToken);
        var estimate = few.Devices * Shards / FewShards;
        var shards = estimate <= 2 * Size ? Shards : (int)Math.Clamp((Size * 3L / 2 * Shards / estimate) + 1, 1, Shards);
        var names = new List<string>();
        ImmutableArray<string> page;
        do
        {
            page = await queries.ListNamesAsync(tenant, filter with { ShardsBelow = shards }, names.LastOrDefault(), NamesPageSize, cancellationToken);
            names.AddRange(page);
        }
        while (page.Length == NamesPageSize);

        var chosen = names.OrderBy(name => WaveRules.PlaceOf(Guid.Empty, name)).Take(Size);
        return (chosen, shards == Shards ? names.Count : Math.Max(estimate, names.Count));
    }
}
