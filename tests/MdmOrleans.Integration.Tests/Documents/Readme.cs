using System.Text.RegularExpressions;

namespace MdmOrleans.Integration.Tests.Documents;

/// <summary>The documents at their places in the source tree, which lies above wherever the tests are built.</summary>
internal static partial class Readme
{
    public static string Text(params string[] path) => File.ReadAllText(Path.Combine([Root(), .. path]));

    /// <summary>Everything between a heading of the second level and the next.</summary>
    public static string Section(string text, string heading)
    {
        var begin = text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"There is no section '{heading}'.");
        var end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }

    /// <summary>The fenced blocks of a language, in order.</summary>
    public static IEnumerable<string> Blocks(string text, string language) =>
        Fences().Matches(text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MdmOrleans.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The tests run outside of the source tree.");
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
