namespace MdmOrleans.Core.Identity;

/// <summary>Whether two keys stand for two people, so that one may approve what the other asked for.</summary>
public static class SecondPersonRules
{
    /// <param name="keys">Every key that sees the tenant, or saw it before it was removed, by name.</param>
    /// <param name="approver">The name of the key that wants to approve.</param>
    /// <param name="askedBy">The actor that asked.</param>
    /// <param name="minimumAge">Both keys must be at least this old.</param>
    /// <returns>Null: it may approve.</returns>
    public static Problem? Judge(
        IReadOnlyDictionary<string, KeyOrigin> keys, string approver, string askedBy, TimeSpan minimumAge, DateTimeOffset now)
    {
        if (!keys.TryGetValue(approver, out var second))
        {
            return ProblemCatalog.KeyRemoved;
        }

        if (Actors.KeyOf(askedBy) is not { } name || !keys.TryGetValue(name, out var first))
        {
            return ProblemCatalog.HoldAskerUnknown;
        }

        if (first.Name == second.Name)
        {
            return ProblemCatalog.HoldOwn;
        }

        if (!AreTwoPeople(keys, first, second))
        {
            return ProblemCatalog.HoldRelatedKeys;
        }

        var younger = first.CreatedAt > second.CreatedAt ? first : second;
        var mayFrom = younger.CreatedAt + minimumAge;
        return now < mayFrom ? ProblemCatalog.KeyTooYoung(younger.Name, mayFrom) : null;
    }

    // Keys are trees below the installation's administrator key. A tree is one person: its root made, directly or not, all the others.
    private static bool AreTwoPeople(IReadOnlyDictionary<string, KeyOrigin> keys, KeyOrigin first, KeyOrigin second) =>
        IsAdministrator(first)
        || IsAdministrator(second)
        || (Root(keys, first) is { } firstRoot && Root(keys, second) is { } secondRoot && firstRoot != secondRoot);

    private static bool IsAdministrator(KeyOrigin key) => key is { Name: AccessKey.AdminName, Tenants: null };

    /// <returns>Null when nobody knows who made one of the keys on the way.</returns>
    private static string? Root(IReadOnlyDictionary<string, KeyOrigin> keys, KeyOrigin key)
    {
        for (var steps = 0; steps <= keys.Count; steps++)
        {
            if (key.MadeBy == AccessKey.AdminName)
            {
                return key.Name;
            }

            if (key.MadeBy is not { } maker || !keys.TryGetValue(maker, out var parent))
            {
                return null;
            }

            key = parent;
        }

        return null; // a circle, which no sequence of requests can make
    }
}
