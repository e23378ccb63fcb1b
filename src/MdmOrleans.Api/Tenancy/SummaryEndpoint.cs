using System.Collections.Immutable;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MdmOrleans.Api.Tenancy;

internal static class SummaryEndpoint
{
    /// <summary>Counts a tenant's devices</summary>
    /// <remarks>Answered by the database, except for the connected ones, which the gateways count.</remarks>
    public static async Task<Ok<SummaryBody>> GetAsync(
        TenantScope scope, IDeviceQueries queries, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var counting = grains.GetGrain<ISessionDirectory>(0).CountAsync(scope.Id, cancellationToken);
        var fleet = await queries.SummarizeAsync(scope.Id, new DeviceFilter(), now, cancellationToken);
        return TypedResults.Ok(new SummaryBody
        {
            Devices = fleet.Devices,
            Connected = await counting,
            Lifecycle = Complete<LifecycleState>(fleet.Lifecycle, WireNames.ToWire),
            Compliance = Complete<ComplianceStatus>(fleet.Compliance, WireNames.ToWire),
            Access = Complete<AccessLevel>(fleet.Access, WireNames.ToWire),
            Platform = Complete<Platform>(fleet.Platform, WireNames.ToWire),
            Policies = await CountAsync(scope.Id, fleet.Policies, grains, cancellationToken),
            Deadlines = new DeadlinesBody(fleet.Overdue, Math.Max(0, Math.Round((now - (fleet.OldestDueAt ?? now)).TotalSeconds, 3))),
        });
    }

    private static async Task<Dictionary<string, EvaluationBody>> CountAsync(
        TenantId tenant, ImmutableDictionary<PolicyVersion, long> judged, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var bodies = new Dictionary<string, EvaluationBody>();
        foreach (var name in await grains.GetGrain<ITenantGrain>(tenant.ToString()).ListPoliciesAsync(cancellationToken))
        {
            if (PolicyId.TryCreate(tenant, name, out var id)
                && await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync(null, cancellationToken) is { } newest)
            {
                var total = judged.Where(count => count.Key.Id == name).Sum(count => count.Value);
                bodies[name] = new EvaluationBody(newest.Version, judged.GetValueOrDefault(new PolicyVersion(name, newest.Version)), total);
            }
        }

        return bodies;
    }

    /// <summary>By name, with a 0 for every state that no device is in.</summary>
    private static Dictionary<string, long> Complete<T>(ImmutableDictionary<T, long> counts, Func<T, string> toWire)
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(toWire, state => counts.GetValueOrDefault(state));
}
