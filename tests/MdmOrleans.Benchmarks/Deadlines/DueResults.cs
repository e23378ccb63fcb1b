using System.Globalization;
using MdmOrleans.Benchmarks.CheckIns;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>What the scenarios found out, as one table.</summary>
internal sealed class DueResults
{
    private const string Head = "| scenario | due | lost | twice | a second | p50 ms late | p99 ms late | worst ms late | server µs | database µs | remark |";
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    /// <param name="from">What the rate is counted from.</param>
    /// <param name="server">CPU time of all of them together; null where it was not taken.</param>
    public void Add(string scenario, DueOutcomes outcomes, DateTimeOffset from, TimeSpan? server, TimeSpan? database, string remark)
    {
        var acted = outcomes.Devices - outcomes.Lost;
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario} | {outcomes.Devices:N0} | {outcomes.Lost} | {outcomes.Twice?.ToString(CultureInfo.InvariantCulture) ?? "-"} | {acted / (outcomes.LastActedAt - from).TotalSeconds:N0} "
            + $"| {outcomes.Median.TotalMilliseconds:N1} | {outcomes.P99.TotalMilliseconds:N1} | {outcomes.Worst.TotalMilliseconds:N1} "
            + $"| {Each(server, acted)} | {Each(database, acted)} | {remark} |");
        _rows.Add(row);
        Results.Progress(_rows[^1]);
    }

    /// <summary>What has no place in the table.</summary>
    public void Add(string note)
    {
        _notes.Add(note);
        Results.Progress(note);
    }

    private static string Each(TimeSpan? cpu, int count) =>
        cpu is { } spent ? (spent / Math.Max(count, 1)).TotalMicroseconds.ToString("N1", CultureInfo.InvariantCulture) : "-";

    public void Print()
    {
        if (_rows.Count > 0)
        {
            PrintTable();
        }

        _notes.ForEach(Console.WriteLine);
    }

    private void PrintTable()
    {
        Console.WriteLine(Head);
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
        _rows.ForEach(Console.WriteLine);
        Console.WriteLine("""

            Late: from the instant at which a device was due to the commit of what it did. µs: CPU of the server and of PostgreSQL for
            one of them; in 'burst' without what the check-ins cost that go on meanwhile.
            """);
    }
}
