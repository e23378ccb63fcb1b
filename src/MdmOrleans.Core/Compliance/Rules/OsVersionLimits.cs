namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>What one platform's versions are held to.</summary>
internal sealed class OsVersionLimits(VersionLimit? minimum, VersionLimit? maximum, VersionLimit[] blocked)
{
    /// <summary>E.g. <c>&gt;= 16.5, not 16.5.1</c>.</summary>
    public string Text { get; } = Join(
        [minimum is null ? null : $">= {minimum.Text}", maximum is null ? null : $"<= {maximum.Text}", .. blocked.Select(b => $"not {b.Text}")]);

    /// <summary>E.g. <c>16.5 or later, not 16.5.1</c>.</summary>
    public string Sentence { get; } = Join(
    [
        (minimum, maximum) switch
        {
            ({ } least, { } most) => $"{least.Text} to {most.Text}",
            ({ } least, null) => $"{least.Text} or later",
            (null, { } most) => $"{most.Text} or earlier",
            _ => "any version",
        },
        .. blocked.Select(b => $"not {b.Text}"),
    ]);

    public bool Allow(DottedVersion version)
    {
        if ((minimum is not null && version < minimum.Version) || (maximum is not null && version > maximum.Version))
        {
            return false;
        }

        foreach (var limit in blocked)
        {
            if (version == limit.Version)
            {
                return false;
            }
        }

        return true;
    }

    private static string Join(ReadOnlySpan<string?> parts)
    {
        var said = new List<string>(parts.Length);
        foreach (var part in parts)
        {
            if (part is not null)
            {
                said.Add(part);
            }
        }

        return string.Join(", ", said);
    }
}
