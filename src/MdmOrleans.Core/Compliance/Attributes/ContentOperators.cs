using System.Text.Json;
using System.Text.RegularExpressions;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary><c>contains</c>: a text that has this text in it, or an array that has this item.</summary>
internal sealed class ContainsOperator(string name, TypedValue value) : ValueOperator(name)
{
    public override string Expected { get; } = $"contains {value.Text}";

    public override RuleStatus Test(ref PostureValue actual) => actual.Kind switch
    {
        JsonValueKind.String when value.IsText =>
            Status(actual.ReadText(stackalloc char[256]).Contains(value.Text, StringComparison.Ordinal)),
        JsonValueKind.Array => Status(HasItem(ref actual)),
        _ => RuleStatus.Error,
    };

    public override void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("value");
        value.Write(json);
    }

    private bool HasItem(ref PostureValue array)
    {
        while (array.TryNextItem(out var item))
        {
            if (value.Equals(in item) is true)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>matches</c>: a regular expression that is found anywhere in the text; <c>^</c> and <c>$</c> anchor it.</summary>
internal sealed class MatchesOperator(string name, Regex regex) : ValueOperator(name)
{
    /// <summary>The time is linear in the length of the text, so the length bounds it.</summary>
    private const int MaximumTextLength = 256;

    public override string Expected { get; } = $"matches {regex}";

    public override RuleStatus Test(ref PostureValue actual)
    {
        if (actual.Kind is not JsonValueKind.String)
        {
            return RuleStatus.Error;
        }

        var text = actual.ReadText(stackalloc char[MaximumTextLength]);
        return text.Length > MaximumTextLength ? RuleStatus.Error : Status(regex.IsMatch(text));
    }

    public override void Write(Utf8JsonWriter json) => json.WriteString("value", regex.ToString());
}

/// <summary><c>exists</c>: whether there is a value, and nothing about it. A null is none.</summary>
internal sealed class ExistsOperator(string name, bool wantsOne) : ValueOperator(name)
{
    public override string Expected { get; } = wantsOne ? "any value" : "no value";

    public override RuleStatus Test(ref PostureValue actual) => Status(wantsOne);

    public override RuleStatus TestMissing() => Status(!wantsOne);

    public override void Write(Utf8JsonWriter json) => json.WriteBoolean("value", wantsOne);
}
