using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>The real index of due instants; it tells when the devices of a tenant have been brought forward for a policy.</summary>
internal sealed class WatchedDue(IDueDevices inner) : IDueDevices
{
    private readonly ConcurrentDictionary<(TenantId Tenant, int Version), TaskCompletionSource> _hastened = new();

    /// <summary>Completes when all of them were, for the first time, for that version of the tenant's only policy.</summary>
    public Task HastenedAsync(TenantId tenant, int version) => Of(tenant, version).Task;

    public ValueTask<ImmutableArray<DueDevice>> ReadAsync(
        int shard, DateTimeOffset until, DueDevice? after, int limit, CancellationToken cancellationToken) =>
        inner.ReadAsync(shard, until, after, limit, cancellationToken);

    public ValueTask<SaveOutcome> PostponeAsync(Device before, Device after, CancellationToken cancellationToken) =>
        inner.PostponeAsync(before, after, cancellationToken);

    public async ValueTask<HasteStep> HastenAsync(Haste haste, string? after, int limit, CancellationToken cancellationToken)
    {
        var step = await inner.HastenAsync(haste, after, limit, cancellationToken);
        if (step.Last is null && haste.Policy is { } policy)
        {
            Of(haste.Tenant, policy.Version).TrySetResult();
        }

        return step;
    }

    private TaskCompletionSource Of(TenantId tenant, int version) =>
        _hastened.GetOrAdd((tenant, version), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
