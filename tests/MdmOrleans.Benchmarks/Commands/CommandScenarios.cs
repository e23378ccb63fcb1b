using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Fleets;
using MdmOrleans.Benchmarks.Load;
using MdmOrleans.Benchmarks.Processes;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using Npgsql;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>Each on a database of its own, with a fleet that was made long ago.</summary>
internal sealed class CommandScenarios(CommandsOptions options, Stage stage, Results results)
{
    private const string Connecting = "connecting";
    private const int FewQueued = 1000;
    private const int QueuedEach = 50; // of the 64 that a device may have

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Scenarios.Any(scenario => scenario is CommandsVerb.Life or CommandsVerb.Push))
        {
            await using var server = await StartAsync("mdm", cancellationToken);
            var devices = await StoreAsync(server, Connecting, options.Connections, cancellationToken);
            foreach (var (scenario, mode) in new[] { (CommandsVerb.Life, "life"), (CommandsVerb.Push, "push") })
            {
                if (options.Scenarios.Contains(scenario))
                {
                    await MeasureAsync(scenario, server, devices, mode, cancellationToken, "--rate", LoadSession.Text(options.Rate));
                }
            }
        }

        if (options.Scenarios.Contains(CommandsVerb.Queued))
        {
            await RunQueuedAsync(FewQueued, cancellationToken);
            await RunQueuedAsync(options.Queued, cancellationToken);
        }

        if (options.Scenarios.Contains(CommandsVerb.Wipes))
        {
            await RunWipesAsync(cancellationToken);
        }

        if (options.Scenarios.Contains(CommandsVerb.Bulk))
        {
            await using var server = await StartAsync(CommandsVerb.Bulk, cancellationToken);
            Results.Progress("bulk: storing the fleet ...");
            await StoredFleet.CreateAsync(server.Database, "away", options.Fleet, (_, _) => [], cancellationToken);
            await VacuumAsync(server.Database, cancellationToken);
            Results.Progress("bulk ...");
            await new BulkScenario(server.Server, options.Fleet).RunAsync(cancellationToken);
        }
    }

    private async Task RunQueuedAsync(int queued, CancellationToken cancellationToken)
    {
        var fleet = options.Queued / QueuedEach; // the same fleet both times: only what is queued differs
        await using var server = await StartAsync($"queued_{queued}", cancellationToken);
        var holders = (queued + QueuedEach - 1) / QueuedEach;
        var startedAt = Stopwatch.GetTimestamp();
        await StoredFleet.CreateAsync(server.Database, "away", holders, Queue, cancellationToken);
        await StoredFleet.CreateAsync(server.Database, "idle", Math.Max(1, fleet - holders), (_, _) => [], cancellationToken);
        var devices = await StoreAsync(server, Connecting, options.Connections, cancellationToken);
        await VacuumAsync(server.Database, cancellationToken);
        Results.Progress(string.Create(
            CultureInfo.InvariantCulture, $"{queued:N0} commands queued in {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:F1} s"));
        var scenario = string.Create(CultureInfo.InvariantCulture, $"{CommandsVerb.Queued}: {queued:N0}");
        await MeasureAsync(scenario, server, devices, "offer", cancellationToken, "--at-a-time", "8");
    }

    private static IEnumerable<Func<Device, Decision>> Queue(Device device, DateTimeOffset now)
    {
        var request = new CommandRequest { Kind = CommandKind.Message, Parameters = Utf8Block.FromText("""{"text":"Hello"}"""), Actor = "key:admin" };
        for (var i = 0; i < QueuedEach; i++)
        {
            yield return before => CommandRules.Enqueue(before, request, Guid.CreateVersion7(now), now).Decision;
        }
    }

    private async Task RunWipesAsync(CancellationToken cancellationToken)
    {
        await using var server = await StartAsync("wipes", cancellationToken);
        var devices = await StoreAsync(server, Connecting, options.Wipes, cancellationToken);
        Results.Progress("wipes: warm-up ...");
        var others = await StoreAsync(server, "other", Math.Min(options.Connections, options.Wipes), cancellationToken);
        await using (var warmUp = LoadSession.StartCommands(server.Server, server.AdminKey, others, "life", "--seconds", "5"))
        {
            await warmUp.WaitForAsync("report", cancellationToken);
        }

        Results.Progress("wipes ...");
        await using var load = LoadSession.StartCommands(server.Server, server.AdminKey, devices, "wipe", "--at-a-time", "256");
        var measured = await load.MeasureAsync(server.Server.Id, stage.DatabaseId, cancellationToken);
        var answered = measured.Report.Errors;
        results.Add(CommandsVerb.Wipes, measured with { Report = measured.Report with { Errors = Refusals(answered) } });
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = source.CreateCommand("SELECT count(*) FILTER (WHERE holds > 0), count(*) FROM devices");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"wipes: {measured.Report.Seconds:F1} s for {options.Wipes:N0}; answered: {string.Join(", ", answered.Select(a => $"{a.Value} {a.Key}"))}; "
            + $"stored: {row.GetInt64(0)} held of {row.GetInt64(1)}\n"));
    }

    private static Dictionary<string, long> Refusals(Dictionary<string, long> answered) =>
        answered.Where(a => a.Key is not ("queued" or "onHold")).ToDictionary();

    private async Task MeasureAsync(
        string scenario, Serving server, string devices, string mode, CancellationToken cancellationToken, params string[] more)
    {
        Results.Progress($"{scenario} ...");
        await using var load = LoadSession.StartCommands(
            server.Server, server.AdminKey, devices, mode,
            ["--warmup", LoadSession.Text(options.Warmup), "--seconds", LoadSession.Text(options.Seconds), .. more]);
        results.Add(scenario, await load.MeasureAsync(server.Server.Id, stage.DatabaseId, cancellationToken));
    }

    private async Task<Serving> StartAsync(string name, CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync(name, onPostgres: true, cancellationToken);
        var server = await MdmServer.StartAsync(prepared, cancellationToken);
        await Fleet.CreateTenantAsync(server.Http, cancellationToken);
        return new Serving(server, Path.Combine(prepared.Directory, "admin-key"), prepared.Postgres!); // it was prepared on PostgreSQL
    }

    private async Task<string> StoreAsync(Serving server, string prefix, int count, CancellationToken cancellationToken)
    {
        await StoredFleet.CreateAsync(server.Database, prefix, count, (_, _) => [], cancellationToken);
        var names = Enumerable.Range(0, count).Select(i => StoredFleet.NameOf(prefix, i));
        return await stage.WriteAsync(names.Select(name => new Credential(Fleet.Tenant, name, StoredFleet.TokenOf(name))), cancellationToken);
    }

    private static async Task VacuumAsync(string database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("VACUUM ANALYZE");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Serving(MdmServer Server, string AdminKey, string Database) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
