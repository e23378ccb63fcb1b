using System.Globalization;
using System.Text;

namespace MdmOrleans.Agent.Simulation;

/// <summary>What a fleet does, in words.</summary>
public static class FleetReport
{
    /// <summary>One line about now.</summary>
    /// <param name="checkInsPerSecond">Since the line before.</param>
    public static string Line(FleetSnapshot fleet, double checkInsPerSecond)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"connected {fleet.Connected} of {fleet.Devices}, ");
        line.Append(CultureInfo.InvariantCulture, $"check-ins {fleet.CheckIns} ({checkInsPerSecond:0.#}/s), p50 {Milliseconds(fleet.P50)} p99 {Milliseconds(fleet.P99)}");
        line.Append(fleet.Verdicts.Values.Any(n => n > 0) ? $", {Join(fleet.Verdicts.Where(v => v.Value > 0))}" : "");
        line.Append(fleet.Errors.Count > 0 ? $"; refused {Join(fleet.Errors)}" : "");
        return line.ToString();
    }

    /// <summary>The whole run.</summary>
    public static string Summary(FleetSnapshot fleet, TimeSpan took) => string.Create(CultureInfo.InvariantCulture, $"""
        devices {fleet.Devices}, time {took.TotalSeconds:0} s
          check-ins  {fleet.CheckIns} ({fleet.CheckIns / Math.Max(took.TotalSeconds, 0.001):0.#}/s)
          latency    p50 {Milliseconds(fleet.P50)}  p95 {Milliseconds(fleet.P95)}  p99 {Milliseconds(fleet.P99)}
          verdicts   {(fleet.Verdicts.Count > 0 ? Join(fleet.Verdicts) : "none")}
          commands   {fleet.Commands}
          refused    {(fleet.Errors.Count > 0 ? Join(fleet.Errors) : "nothing")}
        """);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");

    private static string Join<T>(IEnumerable<KeyValuePair<string, T>> counts) =>
        string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}")));
}
