using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;

namespace MdmOrleans.Api.Commands;

/// <summary>Carries out what a person decides about one hold or many.</summary>
internal sealed class HoldDecisions(IGrainFactory grains)
{
    // Each is a write of its twin; the governor counts approvals one after the other anyway.
    private const int AtOnce = 16;

    /// <param name="hold">Its id, as somebody sent it.</param>
    public async Task<Outcome<HoldBody>> DecideAsync(
        TenantScope scope, string hold, bool isApproved, string? note, Caller caller, CancellationToken cancellationToken)
    {
        if (hold == HoldId.Governor)
        {
            return await DecideGovernorAsync(scope, isApproved, caller, cancellationToken);
        }

        if (!HoldId.TryParse(scope.Id, hold, out var id))
        {
            return ProblemCatalog.HoldNotFound;
        }

        var outcome = await grains.GetGrain<IDeviceCommands>(id.Device.ToString())
            .DecideHoldAsync(id.Command, isApproved, caller.Key.Name, note, cancellationToken);
        return outcome.Value is { } command ? command.ToHold(id.Device)
            : outcome.Problem == ProblemCatalog.DeviceNotFound ? ProblemCatalog.HoldNotFound
            : outcome.Problem!; // exactly one of the two is set
    }

    /// <summary>Each by itself: what refuses one does not hold up the others.</summary>
    public async Task<DecidedHoldsBody> DecideAllAsync(
        TenantScope scope, IReadOnlyList<string> holds, bool isApproved, string? note, Caller caller, CancellationToken cancellationToken)
    {
        var decided = new DecidedHoldBody[holds.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, holds.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => decided[i] = ToBody(holds[i], await TryDecideAsync(scope, holds[i], isApproved, note, caller, token)));
        return new DecidedHoldsBody(decided);
    }

    private static DecidedHoldBody ToBody(string hold, Outcome<HoldBody> outcome) => new()
    {
        Id = hold,
        Status = outcome.Value?.Status,
        Problem = outcome.Problem is { } problem ? new HoldProblemBody(problem.Code, problem.Detail, problem.NotBefore) : null,
    };

    private async Task<Outcome<HoldBody>> TryDecideAsync(
        TenantScope scope, string hold, bool isApproved, string? note, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await DecideAsync(scope, hold, isApproved, note, caller, cancellationToken);
        }
        catch (Exception e) when (e is StorageUnavailableException or TimeoutException)
        {
            return ProblemCatalog.Unavailable; // of this one nobody knows; the answers about the others must not be lost for it
        }
    }

    private async Task<Outcome<HoldBody>> DecideGovernorAsync(TenantScope scope, bool isApproved, Caller caller, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<ITenantGrain>(scope.Id.ToString()).DecideGovernorAsync(isApproved, caller.Key.Name, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            return problem;
        }

        return scope.Tenant?.PendingGovernor is { } change
            ? change.ToHold(isApproved ? "approved" : "rejected")
            : ProblemCatalog.HoldSettled; // it came between the two reads
    }
}
