using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Grains.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Acts for a device that is in no silo's memory, where all that has changed is the time.</summary>
/// <remarks>
/// That is nearly every daily evaluation, and to wake a grain for it would cost more than all the rest. What comes out is what the
/// grain would have decided, by the same rule; whatever else a device has to do, it does itself. A grain that comes up between the
/// look into the directory and the write does no harm, and suffers none: see <see cref="IDueDevices.PostponeAsync"/>.
/// </remarks>
internal sealed class SleepingTwins(
    IDueDevices due,
    TenantCatalog catalog,
    TwinHandover handover,
    [FromKeyedServices(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY)] IGrainDirectory directory,
    DeadlineInstruments instruments,
    TimeProvider time)
{
    private static readonly GrainType Devices = GrainType.Create(DeviceGrain.Type);

    /// <param name="twin">As the shard has read it.</param>
    /// <param name="dueAt">When the database had it due.</param>
    /// <returns>Null: its grain is to act.</returns>
    public async ValueTask<DueOutcome?> TryActAsync(Device twin, DateTimeOffset dueAt)
    {
        if (await directory.Lookup(GrainId.Create(Devices, twin.Id.ToString())) is not null || await catalog.FindAsync(twin.Id.Tenant) is not { } tenant)
        {
            return null;
        }

        var before = twin with { NextDueAt = dueAt };
        if (DeadlineRules.Postpone(before, tenant.Assign(before, before.Platform), time.GetInstant()) is not { } after)
        {
            return null;
        }

        if (await due.PostponeAsync(before, after, CancellationToken.None) is not SaveOutcome.Saved)
        {
            handover.Distrust(); // somebody wrote it after it was read
            return null;
        }

        instruments.Acted(DeadlineRules.KindOf(before, dueAt), time.GetUtcNow() - dueAt);
        return new DueOutcome(after.NextDueAt, null);
    }
}
