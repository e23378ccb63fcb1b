using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>Every operator of the <c>attribute</c> rule, and what it takes as its value.</summary>
internal static class ValueOperators
{
    private const int MaximumValues = 200;
    private const int MaximumPatternLength = 256;

    // Linear in time, but the engine keeps up to 10,000 states of a pattern, each as large as the pattern's automaton: "(.*a.{100}){4}"
    // took 450 MB. It refuses automata of more than 10,000 nodes by itself, so a pattern that it takes fifty times over has at
    // most 200, and was never seen to take more than 50 MB.
    private const int SizeFactor = 50;
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly FrozenDictionary<string, Func<string, JsonScope, ValueOperator?>> Operators =
        new Dictionary<string, Func<string, JsonScope, ValueOperator?>>
        {
            ["equals"] = static (name, scope) => ReadValue(scope) is { } value ? new EqualityOperator(name, value, wantsEqual: true) : null,
            ["notEquals"] = static (name, scope) => ReadValue(scope) is { } value ? new EqualityOperator(name, value, wantsEqual: false) : null,
            ["lessThan"] = static (name, scope) => ReadOrder(name, scope, "<", static order => order < 0),
            ["atMost"] = static (name, scope) => ReadOrder(name, scope, "<=", static order => order <= 0),
            ["greaterThan"] = static (name, scope) => ReadOrder(name, scope, ">", static order => order > 0),
            ["atLeast"] = static (name, scope) => ReadOrder(name, scope, ">=", static order => order >= 0),
            ["in"] = ReadIn,
            ["contains"] = static (name, scope) => ReadValue(scope) is { } value ? new ContainsOperator(name, value) : null,
            ["matches"] = ReadMatches,
            ["exists"] = static (name, scope) => new ExistsOperator(name, scope.TakeFlag("value") ?? true),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads <c>operator</c> and <c>value</c>.</summary>
    public static ValueOperator? Read(JsonScope scope)
    {
        if (scope.TakeText("operator", 64, isNeeded: true) is not { } name)
        {
            scope.Take("value"); // what it may be depends on the operator
            return null;
        }

        if (Operators.TryGetValue(name, out var read))
        {
            return read(name, scope);
        }

        scope.Refuse("operator", $"must be one of {string.Join(", ", Operators.Keys)}");
        scope.Take("value");
        return null;
    }

    private static TypedValue? ReadValue(JsonScope scope) =>
        scope.Take("value", isNeeded: true) is { } place ? TypedValue.Read(scope.Reading, place) : null;

    private static OrderOperator? ReadOrder(string name, JsonScope scope, string sign, Func<int, bool> passes)
    {
        if (ReadValue(scope) is not { } value)
        {
            return null;
        }

        if (value.IsOrdered)
        {
            return new OrderOperator(name, sign, value, passes);
        }

        scope.Refuse("value", "must be a number or a version, which is 1 to 6 dotted numbers");
        return null;
    }

    private static InOperator? ReadIn(string name, JsonScope scope)
    {
        if (scope.TakeArray("value", 1, MaximumValues, isNeeded: true) is not { } items)
        {
            return null;
        }

        return new InOperator(name, [.. items.Select(item => TypedValue.Read(scope.Reading, item)).OfType<TypedValue>()]);
    }

    private static MatchesOperator? ReadMatches(string name, JsonScope scope)
    {
        if (scope.TakeText("value", MaximumPatternLength, isNeeded: true) is not { } pattern)
        {
            return null;
        }

        if (++scope.Reading.Patterns > scope.Reading.MaximumPatterns)
        {
            return null;
        }

        try
        {
            var regex = new Regex(pattern, Linear);
            if (!scope.Reading.IsStored)
            {
                _ = new Regex($"(?:{pattern}\n){{{SizeFactor}}}", Linear);
            }

            return new MatchesOperator(name, regex);
        }
        catch (ArgumentException e)
        {
            scope.Refuse("value", $"is not a regular expression: {e.Message}");
        }
        catch (NotSupportedException)
        {
            scope.Refuse("value", "must be a regular expression without lookaround, backreferences, and long counted repetitions");
        }

        return null;
    }
}
