using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    // In memory for nothing but its deadline: nobody spoke to it, and keeping a whole fleet after its daily evaluation would fill the memory.
    private bool _isGuest;

    public async Task<DueOutcome> ActAsync(DateTimeOffset dueAt, long version, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return new DueOutcome(null, NotFound());
        }

        // Another activation has written since, and this copy would not act on what it does not know.
        if (version > device.Version)
        {
            deadlines.Distrust();
            DeactivateOnIdle();
            return new DueOutcome(null, ProblemCatalog.Unavailable);
        }

        // The database has it due before the twin asked for it: it was hastened, and what is stored is what counts.
        if (version == device.Version && dueAt < device.NextDueAt)
        {
            _device = device with { NextDueAt = dueAt };
        }

        var outcome = await ActAsync();
        if (_isGuest)
        {
            DeactivateOnIdle();
        }

        return new DueOutcome(outcome.Value?.NextDueAt, outcome.Problem);
    }

    public async Task<Outcome<Device>> DismissAsync(string actor, CancellationToken cancellationToken) =>
        _device is { } device ? await ReturnAsync(LadderRules.Dismiss(device, actor, time.GetInstant())) : NotFound();

    public Task<Outcome<Device>> EvaluateAsync(CancellationToken cancellationToken) => ActAsync();

    private async Task<Outcome<Device>> ActAsync()
    {
        if (_device is not { } device || await FindTenantAsync() is not { } tenant)
        {
            return NotFound();
        }

        var assignment = await AssignAsync(tenant, device, device.Platform);
        var now = time.GetInstant();
        var outcome = await ReturnAsync(DeadlineRules.Act(device, assignment, now));
        if (outcome.Problem is null && device.NextDueAt is { } due && due <= now)
        {
            deadlines.Acted(DeadlineRules.KindOf(device, due), time.GetUtcNow() - due);
        }

        return outcome;
    }
}
