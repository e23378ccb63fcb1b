using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    public async Task<Outcome<Verdict>> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken)
    {
        if (await FindTenantAsync() is not { } tenant || _device is null)
        {
            return NotFound();
        }

        if (Doubt(checkIn.Session, checkIn.Epoch) is { } doubt)
        {
            return doubt;
        }

        var device = _device;
        var assignment = await AssignAsync(tenant, device, checkIn.Posture.Platform);
        var now = time.GetInstant();
        var refusal = await CommitAsync(CheckInRules.Accept(device, checkIn, assignment, now));
        return refusal is null ? CheckInRules.Answer(_device, assignment, now) : refusal;
    }

    public async Task<Problem?> TellAsync(string type, Utf8Block payload, SessionEpoch session, int epoch, CancellationToken cancellationToken)
    {
        if (_device is null)
        {
            return NotFound();
        }

        if (Doubt(session, epoch) is { } doubt)
        {
            return doubt;
        }

        var device = _device;
        if (device.Lifecycle == LifecycleState.Retired)
        {
            return ProblemCatalog.DeviceRetired;
        }

        var (decision, refusal) = EventRules.Tell(device, type, payload, epoch, events.Value.EventsPerDay, time.GetInstant());
        return CloseOutdated(session, epoch, await CommitAsync(decision) ?? refusal);
    }
}
