using System.Collections.Immutable;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    private IGovernor Governor => GrainFactory.GetGrain<IGovernor>(_id.Tenant.ToString());

    public async Task<Outcome<CommandReceipt>> EnqueueAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        var (refused, known) = CommandRules.Look(device, request);
        if (refused is not null)
        {
            return refused;
        }

        if (known is not null)
        {
            return known;
        }

        var now = time.GetInstant();
        var id = Guid.CreateVersion7(now);
        Judgement judgement = default;
        if (request.Kind.IsGoverned())
        {
            // What the queue refuses anyway must not use up what the governor lets through.
            if (CommandRules.Enqueue(device, request, id, now).Decision.Problem is { } full)
            {
                return full;
            }

            judgement = await Governor.JudgeAsync(id, cancellationToken);
        }

        var window = request.InPatchWindow || request.Kind == CommandKind.UpdateOs ? (await FindPolicyAsync(device))?.PatchWindow : null;
        var (decision, receipt) = CommandRules.Enqueue(device, request, id, now, judgement, window);
        return await CommitAsync(decision) is { } refusal ? refusal : receipt!; // there is one wherever the decision was not refused
    }

    public async Task<Outcome<DeviceCommand>> DecideHoldAsync(
        Guid id, bool isApproved, string key, string? note, CancellationToken cancellationToken)
    {
        if (_device is not { } device || await FindTenantAsync() is not { } tenant)
        {
            return NotFound();
        }

        var found = HoldRules.Find(device, id, time.GetInstant());
        if (found.Value is not { } held)
        {
            return found;
        }

        var question = new DecisionRequest(key, _id.Tenant, KeyRole.Operator, isApproved ? held.AskedBy : null);
        if (await GrainFactory.GetGrain<IKeyRing>(0).MayDecideAsync(question, cancellationToken) is { } mayNot)
        {
            return mayNot;
        }

        var (now, actor) = (time.GetInstant(), Actors.Key(key));
        var decision = isApproved
            ? HoldRules.Approve(device, id, actor, TimeSpan.FromMinutes(tenant.Tenant.Settings.Governor.HoldMinutes), now, note)
            : HoldRules.Reject(device, id, actor, now, note);
        if (isApproved && decision.Problem is null)
        {
            await Governor.CountApprovedAsync(id, cancellationToken); // first: a count too many holds one more, a count too few lets one go
        }

        if (await CommitAsync(decision) is { } refusal)
        {
            return refusal;
        }

        return _device.Commands.Pending.Concat(_device.Commands.Finished).First(c => c.Id == id);
    }

    public async Task<Outcome<DeviceCommand>> CancelAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        var refusal = await CommitAsync(CommandRules.Cancel(device, id, actor, time.GetInstant()));
        return refusal is null ? _device.Commands.Finished.First(c => c.Id == id) : refusal;
    }

    public async Task<Problem?> MarkSentAsync(ImmutableArray<Guid> ids, SessionEpoch session, CancellationToken cancellationToken) =>
        Doubt(session, epoch: null) is null && _device is { } device
            ? await CommitAsync(CommandRules.MarkSent(device, ids, time.GetInstant()))
            : null;

    public async Task<Problem?> ReportAsync(CommandReport report, CancellationToken cancellationToken)
    {
        if (_device is null)
        {
            return NotFound();
        }

        return Doubt(report.Session, report.Epoch) is { } doubt
            ? doubt
            : CloseOutdated(report.Session, report.Epoch, await CommitAsync(CommandReportRules.Apply(_device, report, time.GetInstant())));
    }

    private async ValueTask<Policy?> FindPolicyAsync(Device device) =>
        await FindTenantAsync() is { } tenant ? tenant.Assign(device, device.Platform).Policy : null;

    public Task<Outcome<CommandQueue>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<CommandQueue>>(_device is { } device ? device.Commands : NotFound());
}
