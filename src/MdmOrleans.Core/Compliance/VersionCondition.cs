namespace MdmOrleans.Core.Compliance;

/// <summary>A version and how another one must compare with it: <c>16.5</c>, <c>!16.5</c>, <c>&lt;16.5</c>, <c>&lt;=16.5</c>, <c>&gt;16.5</c>, <c>&gt;=16.5</c>.</summary>
/// <param name="Operator">As SQL spells it: <c>=</c> <c>&lt;&gt;</c> <c>&lt;</c> <c>&lt;=</c> <c>&gt;</c> <c>&gt;=</c>.</param>
/// <param name="Version">1 to 6 dotted numbers.</param>
public readonly record struct VersionCondition(string Operator, string Version)
{
    private static readonly (string Written, string Operator)[] Operators = [("<=", "<="), (">=", ">="), ("<", "<"), (">", ">"), ("!", "<>"), ("", "=")];

    public bool IsPlain => Operator == "=";

    public static bool TryParse(string text, out VersionCondition condition)
    {
        var (written, sql) = Operators.First(o => text.StartsWith(o.Written, StringComparison.Ordinal));
        condition = new VersionCondition(sql, text[written.Length..]);
        return DottedVersion.TryParse(condition.Version, out _);
    }

    /// <summary>The numbers without the zeros at the end, so that those of <c>16.5</c> and <c>16.5.0</c> are the same; at least one.</summary>
    public long[] Components()
    {
        var numbers = Version.Split('.').Select(long.Parse).ToArray();
        var length = Math.Max(1, Array.FindLastIndex(numbers, number => number != 0) + 1);
        return numbers[..length];
    }
}
