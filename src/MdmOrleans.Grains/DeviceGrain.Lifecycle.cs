using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    public async Task<Outcome<TransitionReceipt>> TransitionAsync(TransitionRequest request, CancellationToken cancellationToken)
    {
        if (_device is not { } device || await FindTenantAsync() is not { } tenant)
        {
            return NotFound();
        }

        var now = time.GetInstant();
        var ids = TransitionIds.At(now);
        Judgement judgement = default;
        if (TransitionRules.NeedsGovernor(device, request, now))
        {
            var asksFirst = request.To == LifecycleState.Quarantined && tenant.Tenant.Settings.LostWipe == LostWipe.Ask;
            judgement = asksFirst ? Judgement.Hold(GovernorRules.Lost) : await Governor.JudgeAsync(ids.First, cancellationToken);
        }

        var onRetire = tenant.Assign(device, device.Platform).Policy?.OnRetire ?? default;
        var (decision, hold) = TransitionRules.Apply(device, request, ids, onRetire, judgement, now);
        return await CommitAsync(decision) is { } refusal ? refusal : new TransitionReceipt(_device, hold);
    }
}
