using System.Collections.Immutable;
using MdmOrleans.Abstractions.Audit;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Audit;

/// <param name="Actor">E.g. <c>key:admin</c>.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Target">One of <see cref="AuditTargets"/>.</param>
/// <param name="Before">Absent where there was nothing.</param>
/// <param name="After">Absent where nothing is left.</param>
internal sealed record Change(string Actor, string Action, string Target, Utf8Block Before, Utf8Block After);

/// <summary>Records changes of what grains keep: announced before they are stored, and told of before they are answered.</summary>
/// <remarks>Without a record there is no change. What a crash leaves open, <see cref="IntentSettlement"/> finds out.</remarks>
internal sealed class ChangeTrail(IAuditTrail trail, TimeProvider time)
{
    /// <param name="tenant">Whose trail; null: the installation's.</param>
    /// <param name="store">Makes the change. When it throws, nobody knows whether it was made, and the announcement stays open.</param>
    public Task RecordAsync(TenantId? tenant, Change change, Func<Task> store) => RecordAsync([(tenant, change)], store);

    /// <summary>One change that several trails tell of.</summary>
    public async Task RecordAsync(ImmutableArray<(TenantId? Tenant, Change Change)> changes, Func<Task> store)
    {
        var announced = new List<(TenantId? Tenant, AuditRecord Record)>(changes.Length);
        foreach (var (tenant, change) in changes)
        {
            announced.Add((tenant, await trail.AppendAsync(tenant, ToEntry(change), CancellationToken.None)));
        }

        await store();
        foreach (var (tenant, record) in announced)
        {
            await trail.AppendAsync(tenant, Outcome(record, AuditResults.Done, time.GetInstant()), CancellationToken.None);
        }
    }

    /// <summary>The record that says what came of an announced change; the documents stand with the announcement.</summary>
    internal static AuditEntry Outcome(AuditRecord announced, string result, DateTimeOffset at) =>
        announced.Entry with { At = at, Result = result, Intent = announced.Number, Before = default, After = default };

    private AuditEntry ToEntry(Change change) => RequestOrigin.From(new AuditEntry
    {
        At = time.GetInstant(),
        Actor = change.Actor,
        Action = change.Action,
        Target = change.Target,
        Result = AuditResults.Intended,
        Before = change.Before,
        After = change.After,
    });
}
