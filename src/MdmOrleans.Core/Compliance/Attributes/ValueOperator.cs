using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>The operator of an <c>attribute</c> rule with its value.</summary>
internal abstract class ValueOperator(string name)
{
    public string Name { get; } = name;

    /// <summary>For people, e.g. <c>&gt;= 5</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Error for a value of another type.</summary>
    /// <param name="value">Not missing.</param>
    public abstract RuleStatus Test(ref PostureValue value);

    /// <summary>
    /// What the device did not say is unknown, also for <c>notEquals</c>: silence proves no difference. Only <c>exists</c> asks for
    /// just that.
    /// </summary>
    public virtual RuleStatus TestMissing() => RuleStatus.Unknown;

    /// <summary>Writes the member <c>value</c>.</summary>
    public abstract void Write(Utf8JsonWriter json);

    protected static RuleStatus Status(bool? passes) => passes switch
    {
        true => RuleStatus.Compliant,
        false => RuleStatus.Noncompliant,
        null => RuleStatus.Error,
    };
}
