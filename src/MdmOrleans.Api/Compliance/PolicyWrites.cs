using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Compliance;

/// <param name="IsStale">Somebody else has written since.</param>
internal sealed record PolicyRefusal(ProblemResult Result, bool IsStale = false);

/// <summary>Stores policies, whichever way they were asked to change.</summary>
internal sealed class PolicyWrites(IGrainFactory grains, ITenantViews views, MassEffects effects, TimeProvider time)
{
    // What GET gave beside the policy's own members; see PolicyBody.
    private static readonly string[] ReadOnlyMembers = ["id", "version", "storedAt"];

    /// <param name="before">Null: it does not exist yet, and so judges nobody.</param>
    /// <param name="json">Was checked to be JSON.</param>
    public async Task<(StoredPolicy? Policy, PolicyRefusal? Refusal)> StoreAsync(
        PolicyId id, StoredPolicy? before, Utf8Block json, int? expected, HttpContext http, CancellationToken cancellationToken)
    {
        json = WithoutReadOnly(json);
        if (before is not null && await StopAsync(id, before, json, http, cancellationToken) is { } stopped)
        {
            return (null, new PolicyRefusal(stopped));
        }

        var outcome = await grains.GetGrain<IPolicyGrain>(id.ToString()).PutAsync(json, expected, Caller.Of(http)!.Actor, cancellationToken); // nobody gets here without a key
        return outcome.Problem is { } problem
            ? (null, new PolicyRefusal(problem.ToHttp(), problem == ProblemCatalog.PolicyChanged))
            : (outcome.Value, null);
    }

    private static Utf8Block WithoutReadOnly(Utf8Block json)
    {
        if (JsonNode.Parse(json.Span) is not JsonObject policy || !ReadOnlyMembers.Any(policy.ContainsKey))
        {
            return json;
        }

        foreach (var member in ReadOnlyMembers)
        {
            policy.Remove(member);
        }

        return Utf8Block.FromText(policy.ToJsonString());
    }

    private async Task<ProblemResult?> StopAsync(
        PolicyId id, StoredPolicy before, Utf8Block json, HttpContext http, CancellationToken cancellationToken)
    {
        var read = PolicyReader.Read(json.Memory, new PolicyVersion(id.Name, before.Version + 1), time.GetInstant());
        if (read.Value is not { } draft)
        {
            return read.Problem!.ToHttp(); // exactly one of the two is set
        }

        var canonical = PolicyWriter.Write(draft);
        if (canonical == before.Json || await views.FindAsync(id.Tenant) is not { } view)
        {
            return null;
        }

        var policies = view.Policies.Where(policy => policy.Key != id.Name).Append(KeyValuePair.Create(id.Name, draft));
        var after = view with { Policies = policies.ToFrozenDictionary(StringComparer.Ordinal) };
        return await effects.StopAsync(view, after, http, canonical.Memory, cancellationToken);
    }
}
