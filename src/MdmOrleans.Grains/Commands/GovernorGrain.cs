using System.Collections.Immutable;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Commands;

[GenerateSerializer, Alias("mdm.GovernorState")]
internal sealed record GovernorState
{
    /// <summary>Those that may still count, oldest first; nothing that grows.</summary>
    [Id(0)]
    public ImmutableArray<GovernorPass> Passes { get; init; } = [];
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

    public async Task<string?> JudgeAsync(Guid command, GovernorSettings settings, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        if (!(now - _countedAt < CountLife))
        {
            var tenant = TenantId.Parse(this.GetPrimaryKeyString());
            (_fleet, _countedAt) = ((await devices.SummarizeAsync(tenant, new DeviceFilter(), now, cancellationToken)).Devices, now);
        }

        var before = state.Value.Passes;
        var (heldBecause, after) = GovernorRules.Judge(settings, before, command, _fleet, now);
        if (heldBecause is null && after.Length > 0 && (before.Length == 0 || before[^1] != after[^1]))
        {
            await state.WriteAsync(new GovernorState { Passes = after }); // a pass that a crash forgets would be given twice
        }

        return heldBecause;
    }
}
