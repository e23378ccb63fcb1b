using System.Collections.Immutable;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Commands;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.GovernorState")]
internal sealed record GovernorState
{
    /// <summary>Those that may still count, oldest first; nothing that grows.</summary>
    [Id(0)]
    public ImmutableArray<GovernorPass> Passes { get; init; } = [];

    /// <summary>What passed in the last 24 hours, in buckets of ten minutes, oldest first.</summary>
    [Id(1)]
    public ImmutableArray<GovernorBucket> Day { get; init; } = [];
}

/// <summary>Single-threaded by nature, and that is the point: no two wipes can both be the last that may pass.</summary>
[GrainType("mdm.governor")]
internal sealed class GovernorGrain(
    [Stored("governor")] StoredState<GovernorState> state, IDeviceQueries devices, TimeProvider time)
    : Grain, IGovernor
{
    // How long a count of the fleet is good enough: a share of it is a bound on a disaster, not an account.
    private static readonly TimeSpan CountLife = TimeSpan.FromMinutes(1);

    private long _fleet;
    private DateTimeOffset? _countedAt;

    private GovernorLedger Ledger => new(state.Value.Passes, state.Value.Day);

    public async Task<Judgement> JudgeAsync(Guid command, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var settings = await ReadSettingsAsync(cancellationToken);
        var before = Ledger;
        var (judgement, after) = GovernorRules.Judge(settings, before, command, await CountFleetAsync(now, cancellationToken), now);
        await StoreAsync(before, after); // a pass that a crash forgets would be given twice
        return judgement;
    }

    public async Task CountApprovedAsync(Guid command, CancellationToken cancellationToken)
    {
        var settings = await ReadSettingsAsync(cancellationToken);
        var before = Ledger;
        await StoreAsync(before, GovernorRules.CountApproved(settings, before, command, time.GetInstant()));
    }

    private async Task<GovernorSettings> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var tenant = await GrainFactory.GetGrain<ITenantGrain>(this.GetPrimaryKeyString()).ReadAsync(cancellationToken);
        return tenant?.Settings.Governor ?? GovernorSettings.Default;
    }

    private async ValueTask<long> CountFleetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!(now - _countedAt < CountLife))
        {
            var tenant = TenantId.Parse(this.GetPrimaryKeyString());
            (_fleet, _countedAt) = ((await devices.SummarizeAsync(tenant, Fleet.At(now), now, cancellationToken)).Devices, now);
        }

        return _fleet;
    }

    private Task StoreAsync(GovernorLedger before, GovernorLedger after) => ReferenceEquals(before, after)
        ? Task.CompletedTask
        : state.WriteAsync(new GovernorState { Passes = after.Passes, Day = after.Day });
}
