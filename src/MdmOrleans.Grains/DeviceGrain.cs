using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.CheckIns;
using MdmOrleans.Grains.Compliance;
using MdmOrleans.Grains.Deadlines;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.Sessions;
using MdmOrleans.Grains.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace MdmOrleans.Grains;

/// <summary>One device: the only writer of its row, but for when it is due. Each feature adds one partial file and one interface.</summary>
/// <remarks>A write is decided, stored, believed and told, in this order; a copy that may be wrong is dropped, never repaired.</remarks>
[GrainType(Type), PreferLocalPlacement]
public sealed partial class DeviceGrain(
    IDeviceStore store,
    ITombstones tombstones,
    TenantCatalog catalog,
    PolicyHistory history,
    IGatewayClient gateways,
    IDeadlineDesk deadlines,
    IOptions<EventOptions> events,
    IOptions<LimitsOptions> limits,
    ISiloLife life,
    TimeProvider time,
    ILogger<DeviceGrain> logger)
    : Grain, IDeviceTwin, IDeviceCheckIns, IDeviceCommands, IDeviceSessions, IDeviceDeadlines
{
    internal const string Type = "mdm.device";

    private DeviceId _id;

    // The last committed twin, and in it, ahead of storage, when it was last seen and by which session. Null: there is none.
    private Device? _device;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = DeviceId.Parse(this.GetPrimaryKeyString());
        _device = deadlines.TakeTwin(_id);
        _isGuest = _device is not null;
        _device ??= await store.FindAsync(_id, cancellationToken);
    }

    // A name that nobody created: it must not stay in memory because somebody asked for it.
    private Problem NotFound()
    {
        DeactivateOnIdle();
        return ProblemCatalog.DeviceNotFound;
    }

    /// <summary>Decided, then stored, then believed: a failed write leaves memory as it was.</summary>
    private async ValueTask<Problem?> CommitAsync(Decision decision)
    {
        if (decision.Problem is { } problem)
        {
            LogRefused(_id, problem.Code);
            return problem;
        }

        var before = _device;
        if (decision.MustStore)
        {
            // Not cancelable: once it is in a batch, nobody can say that it was not written.
            if (await TrySaveAsync(before, decision) is { } refusal)
            {
                return refusal;
            }
        }
        else if (!await life.IsCertainAsync())
        {
            return ProblemCatalog.Unavailable; // the twin may live elsewhere by now, and know better
        }
        else if (decision.Device.Seen is { } seen && !ReferenceEquals(seen, before?.Seen) && !store.TryTouch(_id, seen))
        {
            return ProblemCatalog.Unavailable; // acknowledged, it would not be stored in time
        }

        _device = WithNewest(decision.Device);
        if (before is not null && decision.MustStore)
        {
            TellGateway(before, _device);
        }

        if (_device.NextDueAt is { } due && due != before?.NextDueAt)
        {
            deadlines.Moved(_id, due);
        }

        return null;
    }

    private async ValueTask<Problem?> TrySaveAsync(Device? before, Decision decision)
    {
        try
        {
            if (await store.SaveAsync(before, decision.Device, decision.Events, CancellationToken.None) == SaveOutcome.Saved)
            {
                return null;
            }

            LogConflict(_id, decision.Device.Version);
        }
        catch (StorageUnavailableException e)
        {
            LogUnavailable(e, _id);
        }
        catch
        {
            deadlines.Distrust();
            DeactivateOnIdle();
            throw;
        }

        deadlines.Distrust();
        DeactivateOnIdle(); // lost or unknown: the next call loads again instead of trusting this copy
        return ProblemCatalog.Unavailable;
    }

    private ValueTask<TenantView?> FindTenantAsync() => catalog.FindAsync(_id.Tenant);

    /// <summary>By what it is judged; completes at once unless its policy has changed since.</summary>
    private ValueTask<PolicyAssignment> AssignAsync(TenantView tenant, Device device, Platform? platform)
    {
        var assignment = tenant.Assign(device, platform);
        return DeadlineRules.HasChangedPolicy(device, assignment) ? history.AddAsync(assignment, device) : new(assignment);
    }
}
