namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>What the user can do about a finding. Knows <c>{{expected}}</c> and <c>{{actual}}</c>, and nothing else.</summary>
internal sealed class RemediationText
{
    private const string Expected = "{{expected}}";
    private const string Actual = "{{actual}}";
    private readonly string[] _parts;

    private RemediationText(string template, string[] parts) => (Template, _parts) = (template, parts);

    public string Template { get; }

    /// <summary>Null for a template that names anything else between double braces.</summary>
    public static RemediationText? TryCreate(string template)
    {
        var parts = new List<string>();
        var rest = template;
        while (rest.IndexOf("{{", StringComparison.Ordinal) is var open and >= 0)
        {
            var name = rest.AsSpan(open);
            var part = name.StartsWith(Expected, StringComparison.Ordinal) ? Expected
                : name.StartsWith(Actual, StringComparison.Ordinal) ? Actual
                : null;
            if (part is null)
            {
                return null;
            }

            parts.AddRange([rest[..open], part]);
            rest = rest[(open + part.Length)..];
        }

        return new RemediationText(template, [.. parts, rest]);
    }

    /// <summary>One pass: what a device said is never looked at for placeholders.</summary>
    public string Fill(in RuleWords words)
    {
        if (_parts is [var whole])
        {
            return whole;
        }

        var filled = new string[_parts.Length];
        for (var i = 0; i < filled.Length; i++)
        {
            // Placeholders are at the odd places; a text between two of them may look like one, and is not.
            filled[i] = i % 2 == 0 ? _parts[i]
                : _parts[i] == Expected ? words.ExpectedInSentence ?? "unknown"
                : words.Actual ?? "unknown";
        }

        return string.Concat(filled);
    }
}
