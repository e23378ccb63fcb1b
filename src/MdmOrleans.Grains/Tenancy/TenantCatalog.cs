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
/// <remarks>A check-in reads it without waiting. Whoever changes a tenant or a policy waits until every silo has read it again.</remarks>
public sealed partial class TenantCatalog(IGrainFactory grains, ILogger<TenantCatalog> logger) : ITenantViews
{
    private readonly ConcurrentDictionary<TenantId, Task<TenantView?>> _views = new();

    /// <inheritdoc/>
    public ValueTask<TenantView?> FindAsync(TenantId tenant)
    {
        var view = _views.GetOrAdd(tenant, static (id, catalog) => catalog.Start(id, null), this);
        return view.IsCompletedSuccessfully && view.Result is { } known ? new(known) : new(AwaitAsync(tenant, view));
    }

    /// <summary>Reads the tenant again, if this silo knows it; compiles only the policies that changed.</summary>
    public async Task RefreshAsync(TenantId tenant)
    {
        while (_views.TryGetValue(tenant, out var current))
        {
            var known = current.IsCompletedSuccessfully ? current.Result : null;
            var next = Start(tenant, known);
            if (_views.TryUpdate(tenant, next, current))
            {
                await AwaitAsync(tenant, next);
                return;
            }
        }
    }

    /// <summary>Makes up for an announcement that did not arrive.</summary>
    internal async Task RefreshAllAsync()
    {
        foreach (var tenant in _views.Keys)
        {
            try
            {
                await RefreshAsync(tenant);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                LogStale(e, tenant);
            }
        }
    }

    // Off the caller's turn: many grains wait for one reading, and none of them may have to live until it ends.
    private Task<TenantView?> Start(TenantId tenant, TenantView? known) => Task.Run(() => ReadAsync(tenant, known));

    private async Task<TenantView?> AwaitAsync(TenantId tenant, Task<TenantView?> reading)
    {
        try
        {
            if (await reading is { } view)
            {
                return view;
            }
        }
        catch
        {
            _views.TryRemove(new(tenant, reading));
            throw;
        }

        _views.TryRemove(new(tenant, reading)); // it may be made at any time, and nobody announces it to who does not know it
        return null;
    }

    private async Task<TenantView?> ReadAsync(TenantId id, TenantView? known)
    {
        var grain = grains.GetGrain<ITenantGrain>(id.ToString());
        if (await grain.ReadAsync(CancellationToken.None) is not { } tenant)
        {
            return null;
        }

        var policies = new Dictionary<string, Policy>(StringComparer.Ordinal);
        foreach (var name in await grain.ListPoliciesAsync(CancellationToken.None))
        {
            if (PolicyId.TryCreate(id, name, out var policyId)
                && await grains.GetGrain<IPolicyGrain>(policyId.ToString()).ReadAsync(null, CancellationToken.None) is { } stored)
            {
                policies[name] = Compile(stored, known?.Policies.GetValueOrDefault(name));
            }
        }

        return new TenantView(tenant, policies.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static Policy Compile(StoredPolicy stored, Policy? known) =>
        known?.Version.Version == stored.Version ? known : PolicyReader.ReadStored(stored.Json, new PolicyVersion(stored.Name, stored.Version), stored.StoredAt);

    [LoggerMessage(1301, LogLevel.Warning, "Tenant {Tenant} could not be read again; its last known policies stay in force on this silo")]
    private partial void LogStale(Exception exception, TenantId tenant);
}
