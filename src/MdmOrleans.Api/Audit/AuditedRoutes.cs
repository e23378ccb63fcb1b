using System.Collections.Frozen;
using MdmOrleans.Api.Commands;
using MdmOrleans.Core.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Audit;

/// <summary>What a route changes, for the audit trail. What is done, the grain records; what is refused, <see cref="RefusedChanges"/>.</summary>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Target">By the route's values; null where they name nothing that the trail keeps.</param>
internal sealed record AuditedRoute(string Action, Func<RouteValueDictionary, string?> Target);

/// <summary>The routes whose changes the audit trail keeps, by the names of their endpoints.</summary>
internal static class AuditedRoutes
{
    private static readonly FrozenDictionary<string, AuditedRoute> Routes = new Dictionary<string, AuditedRoute>
    {
        ["AddKey"] = new(AuditActions.KeyCreate, _ => "key"),
        ["RemoveKey"] = new(AuditActions.KeyDelete, values => AuditTargets.Key($"{values["name"]}")),
        ["PutPolicy"] = Policy,
        ["PatchPolicy"] = Policy,
        ["PutTenant"] = Tenant,
        ["PatchTenant"] = Tenant,
        ["PutInbound"] = new(AuditActions.WebhookPut, values => AuditTargets.Webhook($"{values["system"]}")),
        ["DeleteDevice"] = new(AuditActions.DeviceDelete, values => AuditTargets.Device($"{values["device"]}")),
        ["ApproveHold"] = Governor,
        ["RejectHold"] = Governor,
        ["DecideHolds"] = new(AuditActions.GovernorDecide, _ => null), // each decision has a result of its own
    }.ToFrozenDictionary();

    private static AuditedRoute Policy => new(AuditActions.PolicyPut, values => AuditTargets.Policy($"{values["policy"]}"));

    private static AuditedRoute Tenant => new(AuditActions.TenantPut, values => AuditTargets.Tenant($"{values["tenant"]}"));

    // A hold of a device is in the device's history.
    private static AuditedRoute Governor => new(
        AuditActions.GovernorDecide, values => values["hold"] is HoldId.Governor ? AuditTargets.Tenant($"{values["tenant"]}") : null);

    /// <summary>Null where the request changes nothing that the trail keeps.</summary>
    public static AuditedRoute? Find(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>() is { } endpoint && Contains(endpoint.EndpointName)
            ? Routes[endpoint.EndpointName]
            : null;

    public static bool Contains(string endpoint) => Routes.ContainsKey(endpoint);
}
