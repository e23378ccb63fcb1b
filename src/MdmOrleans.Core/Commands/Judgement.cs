namespace MdmOrleans.Core.Commands;

/// <summary>What the governor says about one wipe or retirement. The default says that nobody judged it, and holds it.</summary>
/// <remarks>A pass names its command: it lets no other command go, whatever happened between the question and the answer.</remarks>
[GenerateSerializer, Immutable, Alias("mdm.Judgement")]
public readonly record struct Judgement
{
    /// <summary>The reason of a hold that the governor was never asked about.</summary>
    public const string NotJudged = "notJudged";

    private Judgement(Guid? passed, string? reason) => (Passed, Reason) = (passed, reason);

    /// <summary>The command that may go; null: it is held.</summary>
    [Id(0)]
    public Guid? Passed { get; }

    /// <summary>Why it is held; null where it may go, and where nobody judged it.</summary>
    [Id(1)]
    public string? Reason { get; }

    /// <param name="command">The one that may go.</param>
    public static Judgement Pass(Guid command) => new(command, null);

    /// <param name="reason">A stable word, e.g. <c>tooManyInWindow</c>.</param>
    public static Judgement Hold(string reason) => new(null, reason);

    /// <returns>Null: <paramref name="command"/> may go. Otherwise why it is held.</returns>
    public string? HeldBecause(Guid command) => Passed == command ? null : Reason ?? NotJudged;
}
