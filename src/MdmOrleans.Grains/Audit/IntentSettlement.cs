using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Integrations;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Audit;

/// <summary>Finds announced changes that a crash or an outage left open, looks at what they were to change, and records what came of them.</summary>
internal sealed partial class IntentSettlement(IAuditTrail trail, IGrainFactory grains, TimeProvider time, ILogger<IntentSettlement> logger)
{
    private const int AtATime = 100;

    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, record) in await trail.ListOpenAsync(time.GetInstant() - IntentRules.Patience, AtATime, cancellationToken))
        {
            var result = IntentRules.Resolve(record.Entry, await ReadAsync(tenant, record.Entry, cancellationToken));
            await trail.AppendAsync(tenant, ChangeTrail.Outcome(record, result, time.GetInstant()), cancellationToken);
            LogSettled(record.Entry.Action, record.Entry.Target, tenant?.Name ?? "the installation", record.Number, result);
        }
    }

    /// <summary>What the change was about, as it is now.</summary>
    private async Task<Utf8Block> ReadAsync(TenantId? tenant, AuditEntry entry, CancellationToken cancellationToken)
    {
        var name = entry.Target[(entry.Target.IndexOf(':', StringComparison.Ordinal) + 1)..];
        switch (entry.Action)
        {
            case AuditActions.KeyCreate or AuditActions.KeyDelete or AuditActions.KeyReplace:
                var keys = await grains.GetGrain<IKeyRing>(0).ListAsync(cancellationToken);
                return ChangeDocuments.Key(keys.FirstOrDefault(key => key.Name == name), tenant);
            case AuditActions.PolicyPut when tenant is { } owner && PolicyId.TryCreate(owner, name, out var policy):
                return ChangeDocuments.Policy(await grains.GetGrain<IPolicyGrain>(policy.ToString()).ReadAsync(version: null, cancellationToken));
            case AuditActions.TenantPut or AuditActions.GovernorDecide when tenant is { } owner:
                return ChangeDocuments.Tenant(await grains.GetGrain<ITenantGrain>(owner.ToString()).ReadAsync(cancellationToken));
            case AuditActions.WebhookPut when tenant is { } owner:
                return ChangeDocuments.Webhook(await grains.GetGrain<IInboundGrain>($"{owner}/{name}").ReadAsync(cancellationToken));
            default:
                return Utf8Block.FromText("null"); // equal to no document
        }
    }

    [LoggerMessage(1614, LogLevel.Warning, "{Action} of {Target} was interrupted (record {Number} of {Tenant}); it is {Result}")]
    private partial void LogSettled(string action, string target, string tenant, long number, string result);
}
