using System.Diagnostics;

namespace MdmOrleans.Core.Deadlines;

/// <summary>What a twin is due for.</summary>
public enum DeadlineKind
{
    Daily,
    GraceEnd,
    LadderStep,

    /// <summary>Time alone may turn a rule, e.g. silence or the age of a patch.</summary>
    TimeRule,
    CommandExpiry,

    /// <summary>None of its own: it is to be judged by a policy that changed.</summary>
    PolicyChange,
}

public static class DeadlineKinds
{
    /// <summary>As metrics spell it.</summary>
    public static string ToWire(this DeadlineKind kind) => kind switch
    {
        DeadlineKind.Daily => "daily",
        DeadlineKind.GraceEnd => "graceEnd",
        DeadlineKind.LadderStep => "ladderStep",
        DeadlineKind.TimeRule => "timeRule",
        DeadlineKind.CommandExpiry => "commandExpiry",
        DeadlineKind.PolicyChange => "policyChange",
        _ => throw new UnreachableException($"No word for {kind}"),
    };
}
