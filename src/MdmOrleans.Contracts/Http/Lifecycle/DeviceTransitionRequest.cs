using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Contracts.Http.Lifecycle;

/// <summary>Body of <c>POST /v1/tenants/{tenant}/devices/{device}/transitions</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeviceTransitionRequest
{
    [AllowedValues(LifecycleNames.Quarantined, LifecycleNames.Active, LifecycleNames.Retired)]
    public required string To { get; init; }

    /// <summary>To <c>Quarantined</c>: lost, stolen, operator. To <c>Active</c>: found, operator. To <c>Retired</c>: disposed, operator.</summary>
    [AllowedValues(
        TransitionReasonNames.Lost, TransitionReasonNames.Stolen, TransitionReasonNames.Found, TransitionReasonNames.Disposed,
        TransitionReasonNames.Operator)]
    public required string Reason { get; init; }

    /// <summary>For people; kept in the history. At most 1,000 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>How the reasons of transitions are spelled on the wire.</summary>
public static class TransitionReasonNames
{
    public const string Lost = "lost";
    public const string Stolen = "stolen";
    public const string Found = "found";
    public const string Disposed = "disposed";
    public const string Operator = "operator";
}
