namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>Lists for people that stay short however long they are.</summary>
internal static class Listing
{
    private const int MaximumLength = 200;

    public static string Of(IEnumerable<string> items, int maximum)
    {
        var all = items.ToList();
        var named = string.Join(", ", all.Take(maximum));
        return all.Count <= maximum ? named : $"{named} and {all.Count - maximum} more";
    }

    /// <summary>At most 200 characters, cut between characters and never inside one.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaximumLength)
        {
            return text;
        }

        var length = char.IsHighSurrogate(text[MaximumLength - 2]) ? MaximumLength - 2 : MaximumLength - 1;
        return $"{text.AsSpan(0, length)}…";
    }
}
