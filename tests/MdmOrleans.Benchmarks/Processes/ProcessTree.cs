using System.Globalization;

namespace MdmOrleans.Benchmarks.Processes;

/// <summary>What the kernel says of a process and everything that it started.</summary>
internal static class ProcessTree
{
    // USER_HZ: what /proc counts in, the same on every Linux whatever the kernel's own tick.
    private const double TicksPerSecond = 100;
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>CPU time so far, user and system, of the living ones and of those that ended and were waited for.</summary>
    public static TimeSpan CpuTime(int process)
    {
        var family = new HashSet<int> { process };
        var ticks = 0L;
        foreach (var (id, fields) in ReadAll())
        {
            if (family.Contains(id) || family.Contains(int.Parse(fields[ParentField], CultureInfo.InvariantCulture)))
            {
                family.Add(id);
                ticks += fields.AsSpan(FirstTimeField, TimeFields).ToArray().Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
            }
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>What it holds in memory now and shares with nobody, in bytes: not the files that it maps, nor the code that it compiled.</summary>
    public static long ResidentBytes(int process)
    {
        const string Name = "RssAnon:";
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Name.Length, line.Length - Name.Length - "kB".Length).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Parents before children, as long as ids only grow.</summary>
    private static IEnumerable<(int Id, string[] Fields)> ReadAll()
    {
        var ids = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0);
        foreach (var id in ids.Where(id => id > 0).Order())
        {
            if (TryRead(id) is { } fields)
            {
                yield return (id, fields);
            }
        }
    }

    /// <summary>The fields of stat behind the name, which may itself hold blanks and parentheses; null when it has gone.</summary>
    private static string[]? TryRead(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // it ended between the listing and the reading
        }
    }
}
