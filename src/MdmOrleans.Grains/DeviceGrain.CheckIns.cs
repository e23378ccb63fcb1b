using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    public async Task<Outcome<Verdict>> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken)
    {
        if (_device is not { } device || await FindTenantAsync() is not { } tenant)
        {
            return NotFound();
        }

        var assignment = await AssignAsync(tenant, device, checkIn.Posture.Platform);
        var now = time.GetInstant();
        var refusal = await CommitAsync(CheckInRules.Accept(device, checkIn, assignment, now));
        return refusal is null ? CheckInRules.Answer(_device, assignment, now) : refusal;
    }

    public async Task<Problem?> TellAsync(string type, Utf8Block payload, SessionEpoch session, int epoch, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        var decision = device switch
        {
            { Lifecycle: LifecycleState.Retired } => Decision.Refuse(device, ProblemCatalog.DeviceRetired),
            { Session: { } current } when session < current.Epoch && epoch >= device.Epoch => Decision.Refuse(device, ProblemCatalog.SessionSuperseded),
            _ => DeviceRules.Tell(device, type, payload, epoch, time.GetInstant()),
        };
        return CloseOutdated(session, epoch, await CommitAsync(decision));
    }
}
