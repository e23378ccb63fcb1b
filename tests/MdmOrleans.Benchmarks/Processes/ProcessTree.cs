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
        var all = ReadAll();
        var children = all.ToLookup(entry => Number(entry.Value[ParentField]), entry => entry.Key);
        var ticks = 0L;
        var family = new Stack<int>([process]);
        while (family.TryPop(out var id))
        {
            if (all.TryGetValue(id, out var fields))
            {
                ticks += fields.Skip(FirstTimeField).Take(TimeFields).Sum(Number);
            }

            foreach (var child in children[id])
            {
                family.Push(child);
            }
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Private and resident memory in bytes: not the files that it maps, nor the code that it compiled.</summary>
    public static long ResidentBytes(int process)
    {
        const string Name = "RssAnon:";
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Name.Length, line.Length - Name.Length - "kB".Length).Trim(), CultureInfo.InvariantCulture);
    }

    private static Dictionary<int, string[]> ReadAll()
    {
        var all = new Dictionary<int, string[]>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && TryRead(id) is { } fields)
            {
                all[id] = fields;
            }
        }

        return all;
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

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
