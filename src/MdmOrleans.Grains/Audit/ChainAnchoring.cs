using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Clocks;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Audit;

/// <summary>Seals, once a day, where all chains of each tenant end.</summary>
internal sealed partial class ChainAnchoring(
    IChainAnchors anchors, AnchorKey key, IGrainFactory grains, IClockGuard clock, TimeProvider time, ILogger<ChainAnchoring> logger)
{
    /// <summary>Makes the anchors that are due and not there yet.</summary>
    public async Task AnchorAsync(CancellationToken cancellationToken)
    {
        if (clock.IsSuspended)
        {
            return; // an anchor of a day that is not over would never match
        }

        var due = AnchorRules.DueAt(time.GetInstant());
        await AnchorAsync(tenant: null, due, cancellationToken);
        foreach (var tenant in await grains.GetGrain<ITenantDirectory>(0).ListAsync(cancellationToken))
        {
            await AnchorAsync(tenant, due, cancellationToken);
        }
    }

    private async Task AnchorAsync(TenantId? tenant, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var last = await anchors.ReadAsync(tenant, limit: 1, cancellationToken) is [var newest] ? newest : null;
        if (last is not null && last.KeyId != key.Id && tenant is null)
        {
            LogOtherKey(last.At, last.KeyId, key.Id);
        }

        if (last?.At >= due)
        {
            return;
        }

        var anchor = new ChainAnchor
        {
            Tenant = tenant,
            At = due,
            Audit = await anchors.FindAuditEndAsync(tenant, cancellationToken),
            Shards = tenant is { } fleet ? await anchors.DigestHeadsAsync(fleet, due, shard: null, cancellationToken) : [],
            Previous = last?.Seal ?? default,
            KeyId = key.Id,
            Seal = default,
        }.SealedWith(key);
        await anchors.AddAsync(anchor, cancellationToken);
        LogAnchored(tenant?.Name ?? "the installation", due, anchor.Shards.Sum(shard => shard.Histories), Convert.ToHexStringLower(anchor.Seal.Span));
    }

    // The seal is no secret, and a log that is kept elsewhere proves the anchor that it is of.
    [LoggerMessage(1612, LogLevel.Information, "Anchored the chains of {Tenant} as of {At}: {Histories} histories, seal {Seal}")]
    private partial void LogAnchored(string tenant, DateTimeOffset at, long histories, string seal);

    [LoggerMessage(1613, LogLevel.Warning,
        "The anchor of {At} was sealed with key {SealedWith}, and this server's is {Own}: what was anchored before cannot be proved. Restore the file of Audit:AnchorKeyFile; all servers of a cluster need the same one")]
    private partial void LogOtherKey(DateTimeOffset at, string sealedWith, string own);
}
