using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Lifecycle;

[GenerateSerializer, Alias("mdm.TransitionReason")]
public enum TransitionReason { Operator, Lost, Stolen, Found, Disposed }

/// <summary>A request to move a device through its life.</summary>
/// <param name="Note">For people; at most 1,000 characters.</param>
/// <param name="Actor">E.g. <c>key:admin</c>.</param>
[GenerateSerializer, Immutable, Alias("mdm.TransitionRequest")]
public sealed record TransitionRequest(
    [property: Id(0)] LifecycleState To,
    [property: Id(1)] TransitionReason Reason,
    [property: Id(2)] string? Note,
    [property: Id(3)] string Actor) : IActed
{
    /// <summary>Refused unless the ladder nominated the device for retirement.</summary>
    [Id(4)]
    public bool IfNominated { get; init; }

    /// <summary>The person behind <see cref="Actor"/>, as an actor; null: the actor is that person.</summary>
    [Id(5)]
    public string? OnBehalfOf { get; init; }

    object IActed.ActedBy(string actor) => this with { Actor = actor, OnBehalfOf = null };
}

/// <param name="Hold">The retirement that the governor holds, with the twin as it was; null: it took place.</param>
[GenerateSerializer, Immutable, Alias("mdm.TransitionReceipt")]
public sealed record TransitionReceipt([property: Id(0)] Device Device, [property: Id(1)] DeviceCommand? Hold);
