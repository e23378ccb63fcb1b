using System.Collections.Immutable;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Devices;

internal static class DeviceListEndpoint
{
    private const string Apps = "apps";
    private const string Attributes = "attributes";

    public static readonly string[] QueryNames = ["limit", "after", "include", .. DeviceFilterReader.Names];

    public static void MapFleet(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/devices", ListAllAsync).WithTags("Devices").WithName("ListAllDevices").RequireAuthorization(Authorization.Reads).TakesQuery(QueryNames);

    /// <summary>Lists devices</summary>
    /// <remarks>
    /// By name, as the database has them: what is a moment old may not be in it. Several filters must all hold; several values of one,
    /// with commas between them, are alternatives. Apps and attributes are only in it where <c>include</c> names them.
    /// </remarks>
    public static async Task<Results<Ok<Page<TwinBody>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IDeviceQueries queries, ISessionDirectory sessions, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => DeviceId.TryCreate(scope.Id.Name, text, out _), "is not the name of a device.");
        var include = ReadInclude(query);
        var filter = ReadFilter(query);
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var devices = await queries.ListAsync(scope.Id, filter, after, limit, cancellationToken);

        // A full page is the last one when nothing stands behind it; one row more tells, so that 'next' never leads nowhere.
        var last = devices.Length == limit ? devices[^1].Id.Name : null;
        var next = last is not null && (await queries.ListAsync(scope.Id, filter, last, 1, cancellationToken)).IsEmpty ? null : last;
        return TypedResults.Ok(new Page<TwinBody>(await ToBodiesAsync(devices, include, sessions), next));
    }

    /// <summary>Lists devices of all tenants</summary>
    /// <remarks>Those of the tenants that the asking key sees, by tenant and name; otherwise as the list of one tenant.</remarks>
    internal static async Task<Results<Ok<Page<TwinBody>>, ProblemResult>> ListAllAsync(
        HttpRequest http, Caller caller, IDeviceQueries queries, ISessionDirectory sessions, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        DeviceId start = default;
        var isBehind = query.Text("after", text => DeviceId.TryParseClientId(text, out start), "is not a device: tenant:device.") is not null;
        var include = ReadInclude(query);
        var filter = ReadFilter(query);
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        ImmutableArray<TenantId> tenants =
        [
            .. (await grains.GetGrain<ITenantDirectory>(0).ListAsync(cancellationToken))
                .Where(tenant => caller.Key.Sees(tenant) && (!isBehind || string.CompareOrdinal(tenant.Name, start.Tenant.Name) >= 0)),
        ];
        var devices = await queries.ListAsync(tenants, filter, isBehind ? start : null, limit, cancellationToken);
        DeviceId? last = devices.Length == limit ? devices[^1].Id : null;
        var next = last is not null && (await queries.ListAsync(tenants, filter, last, 1, cancellationToken)).IsEmpty ? null : last;
        return TypedResults.Ok(new Page<TwinBody>(await ToBodiesAsync(devices, include, sessions), next?.ClientId));
    }

    private static DeviceFilter ReadFilter(QueryReader query) =>
        new DeviceFilterReader(query.Text, (name, detail) => query.Refuse($"{name} {detail}.")).Read();

    private static string[] ReadInclude(QueryReader query) =>
        query.Text("include", text => text.Split(',').All(word => word is Apps or Attributes), "must be apps, attributes, or both.")?.Split(',') ?? [];

    private static async Task<IReadOnlyList<TwinBody>> ToBodiesAsync(ImmutableArray<Device> devices, string[] include, ISessionDirectory sessions)
    {
        var (apps, attributes) = (include.Contains(Apps), include.Contains(Attributes));
        var connected = await sessions.AreConnectedAsync(devices);
        return
        [
            .. devices.Zip(connected, TwinWire.ToBody).Select(body => body with
            {
                Apps = apps ? body.Apps : null,
                Attributes = attributes ? body.Attributes : null,
            }),
        ];
    }
}
