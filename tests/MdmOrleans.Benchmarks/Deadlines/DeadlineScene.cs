using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Fleets;
using MdmOrleans.Benchmarks.Processes;
using Npgsql;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>The fleet that falls due, the devices that check in, and whoever serves them.</summary>
internal sealed class DeadlineScene : IAsyncDisposable
{
    private const string Cold = "cold";
    private readonly MdmServerOptions _prepared;
    private readonly NpgsqlDataSource _source;
    private AuthenticationHeaderValue? _key;
    private int _servers;

    private DeadlineScene(Stage stage, MdmServerOptions prepared)
    {
        Stage = stage;
        _prepared = prepared;
        _source = NpgsqlDataSource.Create(prepared.Postgres!); // it was prepared on PostgreSQL
        Plan = new DuePlan(_source, Cold);
    }

    public Stage Stage { get; }

    public DuePlan Plan { get; }

    public string CheckingIn { get; private set; } = string.Empty;

    public int Database => Stage.DatabaseId!.Value; // there is one

    public static async Task<DeadlineScene> CreateAsync(DeadlinesOptions options, Stage stage, CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync("mdm", onPostgres: true, cancellationToken);
        var scene = new DeadlineScene(stage, prepared);
        await using var server = await MdmServer.StartAsync(prepared, cancellationToken);
        scene._key = server.Http.DefaultRequestHeaders.Authorization;
        await Fleet.CreateTenantAsync(server.Http, cancellationToken);
        scene.CheckingIn = await stage.WriteAsync(
            await Fleet.CreateDevicesAsync(server.Http, 0, options.Connections, cancellationToken), cancellationToken);
        var startedAt = Stopwatch.GetTimestamp();
        await StoredFleet.CreateAsync(prepared.Postgres!, Cold, options.Twins, (_, _) => [], cancellationToken); // prepared on PostgreSQL
        Results.Progress(string.Create(
            CultureInfo.InvariantCulture, $"{options.Twins:N0} devices stored in {Stopwatch.GetElapsedTime(startedAt).TotalSeconds:F1} s"));
        return scene;
    }

    /// <summary>Another process on the same database.</summary>
    public async Task<MdmServer> StartServerAsync(CancellationToken cancellationToken)
    {
        var directory = Stage.Work.CreateDirectory($"server-{++_servers}");
        var server = await MdmServer.StartAsync(_prepared with { Directory = directory }, cancellationToken);
        server.Http.DefaultRequestHeaders.Authorization = _key; // the first of them made it, and has it in its own directory
        return server;
    }

    public (TimeSpan Server, TimeSpan Database) Sample(MdmServer server) => (ProcessTree.CpuTime(server.Id), ProcessTree.CpuTime(Database));

    public static async Task UntilAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        if (instant - TimeProvider.System.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
