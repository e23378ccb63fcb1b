using System.Globalization;
using MdmOrleans.Benchmarks.Processes;
using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Benchmarks.Storage;

/// <summary>The stores alone: what a durable twin costs, beside one transaction for each.</summary>
internal static class StorageVerb
{
    public const string Usage = """
        storage [--database both|postgres|sqlite] [--callers 2000] [--seconds 5]

        Starts a PostgreSQL of its own, and a data directory, and lets callers store the twins of as many devices, each waiting
        for its commit. Prints rows a second, latency, and CPU a row of this process (the callers included) and of PostgreSQL.
        'Alone' is the baseline: the same statement, one row a transaction. Build it with -c Release.
        """;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var database = arguments.OneOf("database", "both", "both", "postgres", "sqlite");
        var callers = arguments.Integer("callers", 2000, 1, 100_000);
        var seconds = arguments.Integer("seconds", 5, 1, 600);
        arguments.RefuseRest();

        using var work = new WorkDirectory();
        Console.WriteLine($"{"store",-10} {"what",-28} {"rows/s",9} {"p50 ms",8} {"p99 ms",8} {"us here",8} {"us PostgreSQL",14}");
        if (database is "both" or "postgres")
        {
            await using var postgres = await PostgresServer.StartAsync(work, [], stopping);
            var connection = await postgres.CreateDatabaseAsync("bench", stopping);
            await RunAsync("postgres", services => services.AddPostgresStorage(connection), lanes: 2, alone: 16, postgres.Id, callers, seconds, stopping);
        }

        if (database is "both" or "sqlite")
        {
            var directory = work.CreateDirectory("sqlite");
            await RunAsync("sqlite", services => services.AddSqliteStorage(directory), lanes: 1, alone: 1, server: null, callers, seconds, stopping);
        }

        return 0;
    }

    private static async Task RunAsync(
        string store, Action<IServiceCollection> addStorage, int lanes, int alone, int? server, int callers, int seconds, CancellationToken stopping)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        addStorage(services);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IStorageSchema>().MigrateAsync(stopping);
        var bench = new StorageBench(provider, server, callers, TimeSpan.FromSeconds(seconds));

        await bench.CreateAsync(lanes);
        Print(store, "alone, one event", await bench.SaveAsync(alone, batchSize: 1, events: 1));
        Print(store, "gathered, no event", await bench.SaveAsync(lanes, batchSize: 512, events: 0));
        Print(store, "gathered, one event", await bench.SaveAsync(lanes, batchSize: 512, events: 1));
        Print(store, "the same, same attributes", await bench.SaveAsync(lanes, batchSize: 512, events: 1, sameAttributes: true));
        Print(store, "last seen, 1,024 at once", await bench.TouchAsync());
        Print(store, "loaded, gathered", await bench.FindAsync());
    }

    private static void Print(string store, string what, StorageFigures figures) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{store,-10} {what,-28} {figures.RowsPerSecond,9:N0} {figures.Median.TotalMilliseconds,8:N1} {figures.Worst.TotalMilliseconds,8:N1} "
        + $"{figures.CpuHere.TotalMicroseconds,8:N1} {figures.CpuThere.TotalMicroseconds,14:N1}"));
}
