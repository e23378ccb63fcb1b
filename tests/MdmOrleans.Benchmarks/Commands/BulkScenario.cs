using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>One request for a whole fleet, of which nobody is connected: how soon it is taken, planned and asked, and how old what it says is.</summary>
internal sealed class BulkScenario(MdmServer server, int devices)
{
    private const int Rate = 10_000;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private double _oldest;
    private double _slowest;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PostAsync($"v1/tenants/{Fleet.Tenant}/commands", Body(filter: """{ "devices": ["nobody"] }""", isDryRun: true), cancellationToken); // warm-up
        var (_, dryRun) = await PostAsync($"v1/tenants/{Fleet.Tenant}/commands", Body("{}", isDryRun: true), cancellationToken);
        var (accepted, acceptance) = await PostAsync($"v1/tenants/{Fleet.Tenant}/commands", Body("{}", isDryRun: false), cancellationToken);
        var operation = $"v1/tenants/{Fleet.Tenant}/operations/{accepted.GetProperty("id").GetString()}";
        var startedAt = Stopwatch.GetTimestamp();
        await BecomesAsync(operation, body => body.GetProperty("status").GetString() != "planning", cancellationToken);
        var planned = Stopwatch.GetElapsedTime(startedAt);
        await BecomesAsync(operation, body => Count(body, "queued") == devices, cancellationToken);
        var asked = Stopwatch.GetElapsedTime(startedAt) - planned;
        startedAt = Stopwatch.GetTimestamp();
        await PostAsync($"{operation}/cancel", "", cancellationToken);
        await BecomesAsync(operation, body => body.GetProperty("status").GetString() == "canceled", cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"bulk: {devices:N0} devices; dry run {dryRun.TotalMilliseconds:F0} ms; accepted in {acceptance.TotalMilliseconds:F0} ms; planned in "
            + $"{planned.TotalSeconds:F1} s; all queued {asked.TotalSeconds:F1} s later, {devices / asked.TotalSeconds:N0} a second; withdrawn in "
            + $"{Stopwatch.GetElapsedTime(startedAt).TotalSeconds:F1} s; progress at most {_oldest:F1} s old, read in {_slowest:F0} ms at most\n"));
    }

    // In one wave: nobody reports, and a first one would wait for a day.
    private static string Body(string filter, bool isDryRun) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{ "kind": "message", "filter": {{filter}}, "waves": [100], "ratePerSecond": {{Rate}}, "dryRun": {{(isDryRun ? "true" : "false")}} }""");

    private async Task<(JsonElement Body, TimeSpan Took)> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var startedAt = Stopwatch.GetTimestamp();
        using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        var took = Stopwatch.GetElapsedTime(startedAt);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken), took)
            : throw new BenchmarkException($"{path}: {(int)response.StatusCode}");
    }

    private async Task BecomesAsync(string operation, Func<JsonElement, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var startedAt = Stopwatch.GetTimestamp();
            var body = await server.Http.GetFromJsonAsync<JsonElement>(new Uri(operation, UriKind.Relative), cancellationToken);
            _slowest = Math.Max(_slowest, Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            _oldest = Math.Max(_oldest, (TimeProvider.System.GetUtcNow() - body.GetProperty("asOf").GetDateTimeOffset()).TotalSeconds);
            if (isSo(body))
            {
                return;
            }

            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }
    }

    private static int Count(JsonElement body, string status) => body.GetProperty("counts").GetProperty(status).GetInt32();
}
