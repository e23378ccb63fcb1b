using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MdmOrleans.Contracts.Http.Lifecycle;
using MdmOrleans.Contracts.Lifecycle;
using MdmOrleans.Core;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Api.Lifecycle;

internal static class TransitionWire
{
    private const int MaxNote = 1000;

    public static bool TryRead(
        this DeviceTransitionRequest request,
        string actor,
        [NotNullWhen(true)] out TransitionRequest? transition,
        out ImmutableArray<ProblemError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ProblemError>();
        LifecycleState? to = request.To switch
        {
            LifecycleNames.Quarantined => LifecycleState.Quarantined,
            LifecycleNames.Active => LifecycleState.Active,
            LifecycleNames.Retired => LifecycleState.Retired,
            _ => null,
        };
        TransitionReason? reason = request.Reason switch
        {
            TransitionReasonNames.Lost => TransitionReason.Lost,
            TransitionReasonNames.Stolen => TransitionReason.Stolen,
            TransitionReasonNames.Found => TransitionReason.Found,
            TransitionReasonNames.Disposed => TransitionReason.Disposed,
            TransitionReasonNames.Operator => TransitionReason.Operator,
            _ => null,
        };
        if (to is null)
        {
            found.Add(new ProblemError("/to", "must be Quarantined, Active or Retired"));
        }

        if (reason is null)
        {
            found.Add(new ProblemError("/reason", "must be lost, stolen, found, disposed or operator"));
        }

        if (request.Note?.Length > MaxNote)
        {
            found.Add(new ProblemError("/note", "must be at most 1000 characters"));
        }

        errors = found.DrainToImmutable();
        transition = errors.IsEmpty ? new TransitionRequest(to!.Value, reason!.Value, request.Note, actor) : null; // each that is null is an error
        return transition is not null;
    }
}
