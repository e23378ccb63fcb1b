using System.Collections.Immutable;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Commands;

/// <summary>The commands of a tenant that wait for a person, by the name of their device and their age.</summary>
internal static class HoldList
{
    /// <summary>One more than <paramref name="limit"/> where there are as many, so that 'next' never leads nowhere.</summary>
    /// <param name="after">The id of the last one of the page before.</param>
    public static async Task<ImmutableArray<HoldBody>> ReadAsync(
        IDeviceQueries queries, TenantId tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<HoldBody>();
        var filter = new DeviceFilter { HasHolds = true };
        var isInside = HoldId.TryParse(tenant, after, out var last);
        if (isInside)
        {
            // The rest of the device at which the page before ended: it is the first one behind the name before it.
            var same = await queries.ListAsync(tenant, filter with { Name = last.Device.Name }, after: null, 1, cancellationToken);
            found.AddRange(same.SelectMany(HoldsOf).Where(hold => hold.Command > last.Command));
        }

        var behind = isInside ? last.Device.Name : null;
        while (found.Count <= limit)
        {
            var devices = await queries.ListAsync(tenant, filter, behind, Math.Min(limit + 1, QueryReader.MaxLimit), cancellationToken);
            if (devices.IsEmpty)
            {
                break;
            }

            found.AddRange(devices.SelectMany(HoldsOf));
            behind = devices[^1].Id.Name;
        }

        return found.ToImmutable();
    }

    /// <summary>The first <paramref name="limit"/> that match.</summary>
    public static async Task<ImmutableArray<HoldBody>> FindAsync(
        IDeviceQueries queries, TenantId tenant, Func<HoldBody, bool> matches, int limit, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<HoldBody>();
        string? after = null;
        while (found.Count < limit)
        {
            var page = await ReadAsync(queries, tenant, after, QueryReader.MaxLimit - 1, cancellationToken);
            if (page.IsEmpty)
            {
                break;
            }

            found.AddRange(page.Where(matches));
            after = page[^1].Id;
        }

        return [.. found.Take(limit)];
    }

    private static IEnumerable<HoldBody> HoldsOf(Device device) => device.Commands.Pending
        .Where(command => command.Status == CommandStatus.OnHold)
        .OrderBy(command => command.Id)
        .Select(command => command.ToHold(device.Id));
}
