using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>The refusals of policies.</summary>
public static class PolicyProblems
{
    public static Problem TooLarge { get; } =
        new(ProblemKind.TooLarge, "policy_too_large", $"A policy has at most {PolicyReader.MaximumBytes} bytes.");

    /// <param name="errors">At least one.</param>
    public static Problem Invalid(ImmutableArray<ProblemError> errors) =>
        new(ProblemKind.Invalid, "policy_invalid", "The policy is not valid; nothing was stored.") { Errors = errors };
}
