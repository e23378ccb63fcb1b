using System.Text.Json;
using System.Text.Json.Serialization;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>A line that the load generator prints: where it is, and, at the end, what it saw.</summary>
/// <param name="Event"><c>settled</c>, <c>measuring</c>, <c>measured</c>, <c>progress</c> once a second, and last <c>report</c>.</param>
/// <param name="Acknowledged">Since the start.</param>
/// <param name="Connected">Now.</param>
internal sealed record LoadLine(string Event, long Acknowledged, long Connected)
{
    /// <summary>Only in the report.</summary>
    public LoadReport? Report { get; init; }

    public static LoadLine? TryRead(string line) => JsonSerializer.Deserialize(line, LoadJson.Default.LoadLine);

    public override string ToString() => JsonSerializer.Serialize(this, LoadJson.Default.LoadLine);
}

/// <param name="Boot">What the acknowledged check-ins call this run.</param>
/// <param name="Completed">Within the window, as are the rate and the latencies, which are in milliseconds.</param>
/// <param name="CpuSeconds">That the generator spent within the window.</param>
/// <param name="Errors">Since the start, by kind.</param>
internal sealed record LoadReport(
    string Boot, double Seconds, double CpuSeconds, long Completed, double PerSecond,
    double P50, double P99, double P999, double Longest, Dictionary<string, long> Errors)
{
    public static LoadReport From(string boot, TimeSpan window, TimeSpan cpu, IReadOnlyList<LoadTally> tallies)
    {
        var latencies = tallies[0].Latencies;
        var errors = new Dictionary<string, long>();
        foreach (var tally in tallies.Skip(1))
        {
            latencies.Add(tally.Latencies);
        }

        foreach (var (kind, count) in tallies.SelectMany(t => t.Errors))
        {
            errors[kind] = errors.GetValueOrDefault(kind) + count;
        }

        var completed = tallies.Sum(t => t.Completed);
        return new LoadReport(
            boot, window.TotalSeconds, cpu.TotalSeconds, completed, window > TimeSpan.Zero ? completed / window.TotalSeconds : 0,
            At(50), At(99), At(99.9), At(100), errors);

        double At(double percentile) => latencies.TotalCount == 0 ? 0 : latencies.GetValueAtPercentile(percentile) / 1000.0;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadLine))]
internal sealed partial class LoadJson : JsonSerializerContext;
