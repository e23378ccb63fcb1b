using System.Collections.Concurrent;
using System.Collections.Frozen;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Tenancy;

/// <summary>The tenants and policies that this silo judges by: read once, and again whenever a change is announced.</summary>
/// <remarks>
/// A check-in reads it without waiting. A view is replaced only by one that was read completely, so a silo that hangs or storage
/// that is away leaves the last known policies in force. Whoever changes a tenant or a policy waits until every silo has read it again.
/// </remarks>
public sealed partial class TenantCatalog(IGrainFactory grains, ILogger<TenantCatalog> logger) : ITenantViews
{
    private const int RefreshesAtOnce = 16;

    private readonly ConcurrentDictionary<TenantId, KnownTenant> _known = new();
    private readonly ConcurrentDictionary<TenantId, Task<TenantView?>> _firstReads = new();
    private long _tickets;

    /// <inheritdoc/>
    public ValueTask<TenantView?> FindAsync(TenantId tenant) =>
        _known.TryGetValue(tenant, out var known) ? new(known.View) : new(ReadFirstAsync(tenant));

    /// <summary>Reads the tenant again if this silo knows it; compiles only the policies that changed.</summary>
    /// <remarks>When it fails, the view before it stays in force.</remarks>
    public async Task RefreshAsync(TenantId tenant)
    {
        if (_firstReads.TryGetValue(tenant, out var reading))
        {
            // It may have begun before the change, so what it finds is read again. If it fails, nothing is known that could be wrong.
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        if (_known.ContainsKey(tenant))
        {
            await Task.Run(() => ReadAsync(tenant));
        }
    }

    /// <summary>Makes up for announcements that did not arrive. Returns when every tenant was read, or could not be.</summary>
    internal Task RefreshAllAsync() => Parallel.ForEachAsync(
        _known.Keys, new ParallelOptions { MaxDegreeOfParallelism = RefreshesAtOnce }, async (tenant, _) => await RepairAsync(tenant));

    private async Task RepairAsync(TenantId tenant)
    {
        try
        {
            await RefreshAsync(tenant);
        }
        catch (Exception e) // whatever it is, the other tenants are read, and the next round tries again
        {
            LogStale(e, tenant);
        }
    }

    // Off the caller's turn: many grains wait for one reading, and none of them has to live until it ends.
    private async Task<TenantView?> ReadFirstAsync(TenantId tenant)
    {
        var reading = _firstReads.GetOrAdd(tenant, static (id, catalog) => Task.Run(() => catalog.ReadAsync(id)), this);
        try
        {
            return await reading;
        }
        finally
        {
            _firstReads.TryRemove(new(tenant, reading)); // one that does not exist may be created at any time, and nobody announces it here
        }
    }

    private async Task<TenantView?> ReadAsync(TenantId id)
    {
        var ticket = Interlocked.Increment(ref _tickets);
        var before = _known.GetValueOrDefault(id);
        var tenant = await grains.GetGrain<ITenantGrain>(id.ToString()).ReadAsync(CancellationToken.None);
        if (tenant is null)
        {
            _known.TryRemove(id, out _);
            return null;
        }

        var names = await grains.GetGrain<ITenantGrain>(id.ToString()).ListPoliciesAsync(CancellationToken.None);
        var compiled = await Task.WhenAll(names.Select(name => ReadPolicyAsync(id, name, before)));
        var after = new KnownTenant(ticket, tenant, compiled.OfType<CompiledPolicy>());

        // Of two readings the one that began later has seen whatever the other saw.
        return _known.AddOrUpdate(id, after, (_, other) => other.Ticket > ticket ? other : after).View;
    }

    private async Task<CompiledPolicy?> ReadPolicyAsync(TenantId tenant, string name, KnownTenant? before)
    {
        if (!PolicyId.TryCreate(tenant, name, out var id)
            || await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync(null, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        return before?.Policies.GetValueOrDefault(name) is { } known && known.Source == stored ? known : CompiledPolicy.Of(stored);
    }

    /// <param name="Source">Kept to tell whether it changed: a number alone may have been given to another content that was never stored.</param>
    private sealed record CompiledPolicy(StoredPolicy Source, Policy Policy)
    {
        public static CompiledPolicy Of(StoredPolicy stored) =>
            new(stored, PolicyReader.ReadStored(stored.Json, new PolicyVersion(stored.Name, stored.Version), stored.StoredAt));
    }

    private sealed class KnownTenant(long ticket, Tenant tenant, IEnumerable<CompiledPolicy> policies)
    {
        public long Ticket { get; } = ticket;

        public FrozenDictionary<string, CompiledPolicy> Policies { get; } = policies.ToFrozenDictionary(policy => policy.Source.Name, StringComparer.Ordinal);

        public TenantView View => field ??= new TenantView(
            tenant, Policies.ToFrozenDictionary(policy => policy.Key, policy => policy.Value.Policy, StringComparer.Ordinal));
    }

    [LoggerMessage(1301, LogLevel.Warning, "Tenant {Tenant} could not be reloaded; this silo keeps using its last known policies")]
    private partial void LogStale(Exception exception, TenantId tenant);
}
