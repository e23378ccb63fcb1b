namespace MdmOrleans.Server.Hosting;

/// <summary>How far a word is from the one that was meant.</summary>
internal static class Spelling
{
    /// <summary>Close enough to be a mistake and not another word: one slip in three letters.</summary>
    public static bool AreClose(string a, string b) => Distance(a, b) <= Math.Max(1, Math.Min(a.Length, b.Length) / 3);

    /// <summary>Letters added, left out, replaced, or swapped with their neighbor. Case does not count.</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1,
                        Math.Min(rows[i - 1, j - 1] + (AreSame(a[i - 1], b[j - 1]) ? 0 : 1), Swapped(i, j))),
                };
            }
        }

        return rows[a.Length, b.Length];

        int Swapped(int i, int j) =>
            i > 1 && j > 1 && AreSame(a[i - 1], b[j - 2]) && AreSame(a[i - 2], b[j - 1]) ? rows[i - 2, j - 2] + 1 : int.MaxValue;
    }

    private static bool AreSame(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
