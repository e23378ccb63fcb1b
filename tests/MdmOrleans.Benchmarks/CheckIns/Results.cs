using System.Globalization;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>What a run found out, printed as two tables and what is to be concluded from them.</summary>
internal sealed class Results
{
    private readonly List<(string Scenario, Measurement Measured)> _rows = [];
    private readonly List<(string What, Footprint Each)> _memory = [];

    public Measurement? this[string scenario] => _rows.FirstOrDefault(r => r.Scenario == scenario).Measured;

    public void Add(string scenario, Measurement measured)
    {
        _rows.Add((scenario, measured));
        Progress(Row(scenario, measured));
        foreach (var (kind, count) in measured.Report.Errors)
        {
            Progress($"    {count} x {kind}");
        }
    }

    public void Add(string what, Footprint each)
    {
        _memory.Add((what, each));
        Progress(Row(what, each));
    }

    /// <summary>Beside the results, which alone go to standard output.</summary>
    public static void Progress(string line) => Console.Error.WriteLine(line);

    public void Print()
    {
        if (_rows.Count > 0)
        {
            Console.WriteLine("""
                | scenario | a second | ratio | p50 ms | p99 ms | p99.9 ms | server µs | database µs | generator µs | errors |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
            foreach (var (scenario, measured) in _rows)
            {
                Console.WriteLine(Row(scenario, measured));
            }

            Console.WriteLine("""

                µs: CPU of that process, with its children, for one check-in (connect, command). Ratio: to 'changing', by rate.
                """);
            PrintAgainst(CheckInsOptions.StockStorage);
            PrintAgainst(CheckInsOptions.StockTwin);
        }

        if (_memory.Count > 0)
        {
            Console.WriteLine("\n| memory of one | private resident bytes | managed heap, bytes |");
            Console.WriteLine("|---|--:|--:|");
            foreach (var (what, each) in _memory)
            {
                Console.WriteLine(Row(what, each));
            }
        }
    }

    private void PrintAgainst(string baseline)
    {
        if (this[CheckInsOptions.Changing] is { } ours && this[baseline] is { } theirs)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Against '{baseline}': {ours.Report.PerSecond / theirs.Report.PerSecond:F1} times by rate, "
                + $"{(theirs.Server + theirs.Database) / (ours.Server + ours.Database):F1} times by CPU of server and database."));
        }
    }

    private static string Row(string what, Footprint each) =>
        string.Create(CultureInfo.InvariantCulture, $"| {what} | {each.Resident:N0} | {each.Managed:N0} |");

    private string Row(string scenario, Measurement measured)
    {
        var report = measured.Report;
        var ratio = this[CheckInsOptions.Changing] is { } changing
            ? (report.PerSecond / changing.Report.PerSecond).ToString("F2", CultureInfo.InvariantCulture)
            : "-";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario} | {report.PerSecond:N0} | {ratio} | {report.P50:F1} | {report.P99:F1} | {report.P999:F1} "
            + $"| {measured.Server.TotalMicroseconds:F1} | {measured.Database.TotalMicroseconds:F1} "
            + $"| {measured.Generator.TotalMicroseconds:F1} "
            + $"| {report.Errors.Values.Sum()} |");
    }
}
