using System.Text.Json;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Tenancy;

/// <param name="Expected">0: it must not exist yet; null: any.</param>
/// <param name="KeepsGovernor">The request says nothing about the governor.</param>
/// <param name="KeepsPolicyInUse">It says nothing about the default policy either.</param>
internal sealed record TenantWrite(TenantRequest Request, int? Expected, bool KeepsGovernor, bool KeepsPolicyInUse);

/// <param name="IsStale">Somebody else has written since.</param>
internal sealed record TenantRefusal(ProblemResult Result, bool IsStale = false);

/// <summary>Stores tenants, whichever way they were asked to change.</summary>
internal sealed class TenantWrites(IGrainFactory grains, ITenantViews views, MassEffects effects, TimeProvider time)
{
    /// <param name="before">Null: it does not exist yet.</param>
    public async Task<(Tenant? Tenant, TenantRefusal? Refusal)> StoreAsync(
        TenantId id, Tenant? before, TenantWrite write, HttpContext http, CancellationToken cancellationToken)
    {
        if (!write.Request.TryRead(out var settings, out var errors))
        {
            return Refuse(ApiProblems.InvalidBody(errors));
        }

        if (settings.DefaultPolicy is { } policy && !PolicyId.TryCreate(id, policy, out _))
        {
            return Refuse(ApiProblems.PolicyUnknown("/defaultPolicy")); // what is no name names nothing
        }

        // A default policy that is left out by accident is refused as that, and not as what it would do.
        var isOnPurpose = !write.KeepsPolicyInUse || settings.DefaultPolicy is not null;
        if (isOnPurpose && before is not null && await StopAsync(before, settings, write, http, cancellationToken) is { } stopped)
        {
            return (null, new TenantRefusal(stopped));
        }

        var outcome = await grains.GetGrain<ITenantGrain>(id.ToString()).PutAsync(
            new PutTenant
            {
                Settings = settings,
                ExpectedVersion = write.Expected,
                Actor = Caller.Of(http)!.Actor, // nobody gets here without a key
                KeepsGovernor = write.KeepsGovernor,
                KeepsPolicyInUse = write.KeepsPolicyInUse,
            },
            cancellationToken);
        return outcome.Problem is { } problem ? Refuse(problem.WithPolicyAt("/defaultPolicy")) : (outcome.Value, null);
    }

    private static (Tenant? Tenant, TenantRefusal? Refusal) Refuse(Problem problem) =>
        (null, new TenantRefusal(problem.ToHttp(), problem.Code == ProblemCatalog.TenantChanged.Code));

    private async Task<ProblemResult?> StopAsync(
        Tenant before, TenantSettings settings, TenantWrite write, HttpContext http, CancellationToken cancellationToken)
    {
        var judgesAlike = before.Settings.DefaultPolicy == settings.DefaultPolicy
            && before.Settings.NoncompliantWithoutPolicy == settings.NoncompliantWithoutPolicy;
        if (judgesAlike || await views.FindAsync(before.Id) is not { } view)
        {
            return null;
        }

        if (settings.DefaultPolicy is { } policy && !view.Policies.ContainsKey(policy))
        {
            return null; // it does not exist, which the tenant says
        }

        var after = view with { Tenant = before with { Settings = settings, DefaultPolicySince = time.GetInstant() } };
        var body = JsonSerializer.SerializeToUtf8Bytes(write.Request, HttpJson.Default.TenantRequest);
        return await effects.StopAsync(view with { Tenant = before }, after, http, body, cancellationToken);
    }
}
