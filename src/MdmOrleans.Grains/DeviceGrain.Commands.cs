using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    public async Task<Outcome<CommandReceipt>> EnqueueAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        var now = time.GetInstant();
        var (decision, receipt) = CommandRules.Enqueue(device, request, Guid.CreateVersion7(now), now);
        if (await CommitAsync(decision) is { } refusal)
        {
            return refusal;
        }

        if (receipt is { WasThere: false } && _device.Session is { } session)
        {
            gateways.Push(_id, session, receipt.Command);
        }

        return receipt!; // there is one wherever the decision was not refused
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
        _device is { } device && !(session < device.Session?.Epoch)
            ? await CommitAsync(CommandRules.MarkSent(device, ids, time.GetInstant()))
            : null;

    public async Task<Problem?> ReportAsync(CommandReport report, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        if (report.Session < device.Session?.Epoch)
        {
            return ProblemCatalog.SessionSuperseded;
        }

        return await CommitAsync(CommandReportRules.Apply(device, report, time.GetInstant()));
    }

    public Task<Outcome<CommandQueue>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<CommandQueue>>(_device is { } device ? device.Commands : NotFound());
}
