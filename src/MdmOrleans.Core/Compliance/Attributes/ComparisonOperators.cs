using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary><c>equals</c> and <c>notEquals</c>.</summary>
internal sealed class EqualityOperator(string name, TypedValue value, bool wantsEqual) : ValueOperator(name)
{
    public override string Expected => wantsEqual ? value.Text : $"not {value.Text}";

    public override RuleStatus Test(ref PostureValue actual) => Status(value.Equals(in actual) is { } isEqual ? isEqual == wantsEqual : null);

    public override void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("value");
        value.Write(json);
    }
}

/// <summary><c>lessThan</c>, <c>atMost</c>, <c>greaterThan</c>, <c>atLeast</c>.</summary>
/// <param name="sign">How it is shown, e.g. <c>&gt;=</c>.</param>
/// <param name="passes">Given how the device's value compares with the policy's.</param>
internal sealed class OrderOperator(string name, string sign, TypedValue value, Func<int, bool> passes) : ValueOperator(name)
{
    public override string Expected { get; } = $"{sign} {value.Text}";

    public override RuleStatus Test(ref PostureValue actual) => Status(value.Compare(in actual) is { } order ? passes(order) : null);

    public override void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("value");
        value.Write(json);
    }
}

/// <summary><c>in</c>: equal to one of several. An error only where none of them has the type of what the device said.</summary>
internal sealed class InOperator(string name, TypedValue[] values) : ValueOperator(name)
{
    public override string Expected { get; } = $"one of {Rules.Listing.Of(values.Select(v => v.Text), 5)}";

    public override RuleStatus Test(ref PostureValue actual)
    {
        bool? passes = null;
        foreach (var value in values)
        {
            if (value.Equals(in actual) is { } isEqual)
            {
                passes = isEqual || passes is true;
            }
        }

        return Status(passes);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("value");
        foreach (var value in values)
        {
            value.Write(json);
        }

        json.WriteEndArray();
    }
}
