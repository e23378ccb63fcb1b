using MdmOrleans.Core;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>Every way in which a payload is not what its topic takes.</summary>
internal static class PayloadProblems
{
    private const string MalformedCode = "payload_malformed";
    private const string InvalidCode = "payload_invalid";

    public static Problem NotUtf8 { get; } = Malformed("The payload is not UTF-8.");

    public static Problem NotAnObject { get; } = Malformed("The payload is not a JSON object.");

    public static Problem NotJson { get; } = Malformed("The payload is not well-formed JSON.");

    public static Problem TooDeep { get; } = Malformed("The payload is nested more than 32 deep.");

    public static Problem NumberTooLong { get; } = new(ProblemKind.Invalid, InvalidCode, "A number has more than 64 digits.");

    public static Problem NumberTooLarge { get; } = new(ProblemKind.Invalid, InvalidCode, "A number has an exponent beyond 300.");

    public static Problem Duplicate(string member) => Malformed($"The member '{Shorten(member)}' appears twice.");

    public static Problem Missing(string member) => Invalid(member, "is required");

    public static Problem WrongType(string member, string wanted) => Invalid(member, $"must be {wanted}");

    public static Problem WrongValue(string member, string wanted) => Invalid(member, $"must be {wanted}");

    public static Problem WrongLength(string member, int minimum, int maximum) =>
        Invalid(member, $"must have {minimum} to {maximum} characters");

    public static Problem TooLong(string member, int maximumBytes) => Invalid(member, $"must have at most {maximumBytes} bytes");

    public static Problem LoneSurrogate { get; } = new(ProblemKind.Invalid, InvalidCode, "A string has half a surrogate pair.");

    public static Problem NullCharacter { get; } = new(ProblemKind.Invalid, InvalidCode, "A string contains U+0000.");

    private static Problem Malformed(string detail) => new(ProblemKind.Invalid, MalformedCode, detail);

    private static Problem Invalid(string member, string what) => member.Length == 0
        ? new(ProblemKind.Invalid, InvalidCode, $"The payload {what}.")
        : new(ProblemKind.Invalid, InvalidCode, $"{member} {what}.") { Errors = [new ProblemError(PointerTo(member), what)] };

    /// <summary>What is inside an item of an array is told by the array: which item is in nobody's interest.</summary>
    private static string PointerTo(string member) => "/" + member.Split('.')[0];

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
