using System.Diagnostics;
using MdmOrleans.Core;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway;

/// <summary>What the endpoint itself refuses, and how every refusal is told in MQTT.</summary>
internal static class GatewayProblems
{
    public static Problem TopicForbidden { get; } = new(ProblemKind.Forbidden, "topic_forbidden", "A device may publish only below its own {root}/up/.");

    public static Problem TopicUnknown { get; } = new(ProblemKind.NotFound, "topic_unknown", "The topic does not exist.");

    public static Problem RateExceeded { get; } = new(ProblemKind.Exhausted, "rate_exceeded", "The device sends too many messages. Slow down.");

    public static Problem Overloaded { get; } = new(ProblemKind.Unavailable, "overloaded", "The server is overloaded. Try again later.");

    public static ReasonCode ToReasonCode(this Problem problem) => problem.Kind switch
    {
        ProblemKind.Invalid or ProblemKind.TooLarge or ProblemKind.Unprocessable => ReasonCode.PayloadFormatInvalid,
        ProblemKind.Forbidden or ProblemKind.Conflict or ProblemKind.Stale or ProblemKind.Unproved => ReasonCode.NotAuthorized,
        ProblemKind.NotFound or ProblemKind.Gone => ReasonCode.TopicNameInvalid,
        ProblemKind.Exhausted => ReasonCode.QuotaExceeded,
        ProblemKind.Unavailable => ReasonCode.UnspecifiedError,
        _ => throw new UnreachableException($"No reason code for {problem.Kind}"),
    };

    /// <summary>True where sending the same again could never help: MQTT 3.1.1 acknowledges it, or it would be sent for ever.</summary>
    /// <remarks>An event above the budget of the day is dropped, and counts as dropped: sent again today, it would be dropped again.</remarks>
    public static bool IsFinal(this Problem problem) =>
        problem.Code == ProblemCatalog.EventsOverBudget.Code
        || problem.ToReasonCode() is ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid or ReasonCode.PayloadFormatInvalid;
}
