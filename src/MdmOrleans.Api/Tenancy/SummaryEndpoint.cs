using System.Collections.Immutable;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MdmOrleans.Api.Tenancy;

internal static class SummaryEndpoint
{
    /// <summary>Counts a tenant's devices</summary>
    /// <remarks>Answered by the database, except for the connected ones, which the gateways count.</remarks>
    public static async Task<Ok<SummaryBody>> GetAsync(
        TenantScope scope, IDeviceQueries queries, ISessionDirectory sessions, ITenantViews tenants, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var counting = sessions.CountAsync(scope.Id);
        var fleet = await queries.SummarizeAsync(scope.Id, new DeviceFilter(), now, cancellationToken);
        return TypedResults.Ok(new SummaryBody
        {
            Devices = fleet.Devices,
            Connected = await counting,
            Lifecycle = Complete<LifecycleState>(fleet.Lifecycle, WireNames.ToWire),
            Compliance = Complete<ComplianceStatus>(fleet.Compliance, WireNames.ToWire),
            Access = Complete<AccessLevel>(fleet.Access, WireNames.ToWire),
            Platform = Complete<Platform>(fleet.Platform, WireNames.ToWire),
            Policies = Count(await tenants.FindAsync(scope.Id), fleet.Policies),
            Deadlines = new DeadlinesBody(fleet.Overdue, Math.Max(0, Math.Round((now - (fleet.OldestDueAt ?? now)).TotalSeconds, 3))),
        });
    }

    private static Dictionary<string, EvaluationBody> Count(TenantView? tenant, ImmutableDictionary<PolicyVersion, long> judged) =>
        (tenant?.Policies.Values ?? []).OrderBy(policy => policy.Version.Id, StringComparer.Ordinal).ToDictionary(
            policy => policy.Version.Id,
            policy => new EvaluationBody(
                policy.Version.Version,
                judged.GetValueOrDefault(policy.Version),
                judged.Where(count => count.Key.Id == policy.Version.Id).Sum(count => count.Value)));

    /// <summary>By name, with a 0 for every state that no device is in.</summary>
    private static Dictionary<string, long> Complete<T>(ImmutableDictionary<T, long> counts, Func<T, string> toWire)
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(toWire, state => counts.GetValueOrDefault(state));
}
