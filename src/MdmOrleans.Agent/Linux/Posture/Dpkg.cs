using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The records of dpkg and apt: paragraphs of <c>Name: value</c>, with blank lines between them.</summary>
internal static class Dpkg
{
    /// <summary>The installed packages by name, once each whatever their architectures, and which of them were not installed automatically.</summary>
    public static (IReadOnlyList<InstalledApp> Installed, Func<InstalledApp, bool> Chosen) Read(SystemRoot root)
    {
        var installed = Paragraphs(root, "/var/lib/dpkg/status")
            .Where(p => p.GetValueOrDefault("Status")?.EndsWith(" installed", StringComparison.Ordinal) == true)
            .Where(p => p.ContainsKey("Package") && p.ContainsKey("Version"))
            .Select(p => new InstalledApp(p["Package"], WithoutEpoch(p["Version"])))
            .DistinctBy(app => app.Id)
            .OrderBy(app => app.Id, StringComparer.Ordinal)
            .ToArray();
        var automatic = Paragraphs(root, "/var/lib/apt/extended_states")
            .Where(p => p.GetValueOrDefault("Auto-Installed") == "1" && p.ContainsKey("Package"))
            .Select(p => p["Package"])
            .ToHashSet(StringComparer.Ordinal);
        return (installed, app => !automatic.Contains(app.Id));
    }

    /// <summary>The epoch only orders packages of one distribution; a policy speaks of the version that the vendor gave.</summary>
    public static string WithoutEpoch(string version) => version[(version.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<Dictionary<string, string>> Paragraphs(SystemRoot root, string path)
    {
        var paragraph = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in root.ReadLines(path).Append(""))
        {
            if (line.Length == 0)
            {
                yield return paragraph;
                paragraph = new Dictionary<string, string>(StringComparer.Ordinal);
            }
            else if (line[0] != ' ' && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var cut) // a blank begins a continuation
            {
                paragraph[line[..cut]] = line[(cut + 2)..];
            }
        }
    }
}
