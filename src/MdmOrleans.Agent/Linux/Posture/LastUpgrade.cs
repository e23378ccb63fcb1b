using System.Globalization;
using System.IO.Compression;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The day on which packages were last upgraded, from the logs of the package managers.</summary>
/// <remarks>Installing something new is no upgrade. Logs are rotated: an older one is read only where the newer ones tell of none.</remarks>
internal static class LastUpgrade
{
    private static readonly string[] AptLogs = ["/var/log/apt/history.log", "/var/log/apt/history.log.1.gz", "/var/log/apt/history.log.2.gz"];
    private static readonly string[] DpkgLogs = ["/var/log/dpkg.log", "/var/log/dpkg.log.1", "/var/log/dpkg.log.2.gz"];
    private static readonly string[] DnfLogs = ["/var/log/dnf.rpm.log", "/var/log/dnf.rpm.log.1"];

    public static DateOnly? Read(SystemRoot root)
    {
        DateOnly?[] known = [Latest(root, AptLogs, InApt), Latest(root, DpkgLogs, InDpkg), Latest(root, DnfLogs, InDnf)];
        return known.Max();
    }

    private static DateOnly? Latest(SystemRoot root, string[] newestFirst, Func<IEnumerable<string>, DateOnly?> find) =>
        newestFirst.Select(log => find(Lines(root, log))).FirstOrDefault(day => day is not null);

    /// <summary>Blocks of <c>Start-Date: 2026-11-24  06:21:26</c> and, where something was upgraded, <c>Upgrade: …</c>.</summary>
    private static DateOnly? InApt(IEnumerable<string> lines)
    {
        DateOnly? block = null, latest = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("Start-Date: ", StringComparison.Ordinal))
            {
                block = Day(line["Start-Date: ".Length..]);
            }
            else if (line.StartsWith("Upgrade: ", StringComparison.Ordinal))
            {
                latest = block ?? latest;
            }
        }

        return latest;
    }

    /// <summary><c>2026-11-24 06:21:29 upgrade jq:amd64 1.6-2.1 1.6-2.2</c></summary>
    private static DateOnly? InDpkg(IEnumerable<string> lines) =>
        lines.Where(l => l.Split(' ', 4) is [_, _, "upgrade", _]).Select(Day).LastOrDefault(d => d is not null);

    /// <summary><c>2026-11-24T06:21:29+0000 SUBDEBUG Upgrade: bash-5.2.26-3.fc40.x86_64</c></summary>
    private static DateOnly? InDnf(IEnumerable<string> lines) =>
        lines.Where(l => l.Split(' ', 4) is [_, _, "Upgrade:", _]).Select(Day).LastOrDefault(d => d is not null);

    private static DateOnly? Day(string text) =>
        text.Length >= 10 && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static IEnumerable<string> Lines(SystemRoot root, string log)
    {
        if (root.Open(log) is not { } file)
        {
            yield break;
        }

        using var text = new StreamReader(log.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (text.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
