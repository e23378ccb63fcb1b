using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Clocks;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Health;
using MdmOrleans.Storage.Migrations;
using MdmOrleans.Storage.Postgres;
using MdmOrleans.Storage.Retention;
using MdmOrleans.Storage.Sqlite;
using MdmOrleans.Storage.Twins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MdmOrleans.Storage;

/// <summary>The ports of Core on a database.</summary>
/// <remarks>
/// Needs logging, metrics and a <see cref="TimeProvider"/>. The stores are drained when the container is disposed, which is
/// after every hosted service has stopped, so it does not matter where among them these are added.
/// Before the silo starts, <see cref="IStorageSchema"/> is to be asked: the silo's providers read the schema.
/// </remarks>
public static class StorageServiceCollectionExtensions
{
    /// <exception cref="StorageStartException">It is no connection string.</exception>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, string connectionString)
    {
        var settings = Read(connectionString);
        services.AddSingleton(_ => CreateSource(settings, "MdmOrleans", settings.ShouldSerialize("Maximum Pool Size") ? settings.MaxPoolSize : QueryConnections));
        services.AddSingleton(_ => new RuntimeDataSource(CreateSource(settings, "MdmOrleans runtime", RuntimeConnections)));
        services.AddSingleton(_ => new LaneDataSource(settings));
        services.AddSingleton(provider =>
            new OrleansDatabase("Npgsql", provider.GetRequiredService<RuntimeDataSource>().Source, ConnectionString: null));
        services.AddSingleton<EventPartitions>();
        services.AddSingleton<EventClock>();
        services.AddSingleton<SearchedBackfill>();
        services.AddHostedService<EventPartitionsService>();
        services.AddSingleton<IStorageSchema>(provider =>
            ActivatorUtilities.CreateInstance<PostgresSchema>(provider, Migration.Of("Postgres")));
        services.AddSingleton<IStorageHealth, PostgresHealth>();
        services.AddSingleton<IClockStore, PostgresClock>();
        services.AddSingleton<IDeviceQueries, PostgresDeviceQueries>();
        services.AddSingleton<IEventStream, PostgresEventStream>();
        services.AddSingleton<IEventAnchors, PostgresEventAnchors>();
        services.AddSingleton<IHistoryPruner, PostgresHistoryPruner>();
        services.AddSingleton<IAuditTrail, PostgresAuditTrail>();
        services.AddSingleton<IChainAnchors, PostgresChainAnchors>();
        services.AddSingleton<ITombstones, PostgresTombstones>();
        services.AddSingleton<IDueDevices, PostgresDueDevices>();
        services.AddSingleton<ISeenWriter, PostgresSeenWriter>();
        services.AddSingleton<IDeviceRemover, PostgresDeviceRemover>();
        services.AddSingleton<IBatchProcessor<DeviceWrite, SaveOutcome>, DeviceBatchProcessor>();
        services.AddSingleton<IBatchProcessor<DeviceId, Device?>, DeviceReadProcessor>();
        services.AddSingleton<IBatchProcessor<Postponement, SaveOutcome>, PostponementProcessor>();
        return services.AddDeviceStore(lanes: 2);
    }

    /// <param name="directory">Made when it is missing; held until the container is disposed.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string directory)
    {
        services.AddSingleton(_ => new SqliteDirectory(directory));
        services.AddSingleton(provider =>
            new OrleansDatabase("System.Data.SQLite", DataSource: null, provider.GetRequiredService<SqliteDirectory>().Grains));
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<SqliteReader>();
        services.AddSingleton<IStorageSchema, SqliteSchema>();
        services.AddSingleton<IStorageHealth, SqliteHealth>();
        services.AddSingleton<IClockStore, SqliteClock>();
        services.AddSingleton<IDeviceQueries, SqliteDeviceQueries>();
        services.AddSingleton<IEventStream, SqliteEventStream>();
        services.AddSingleton<IEventAnchors, SqliteEventAnchors>();
        services.AddSingleton<IHistoryPruner, SqliteHistoryPruner>();
        services.AddSingleton<IAuditTrail, SqliteAuditTrail>();
        services.AddSingleton<IChainAnchors, SqliteChainAnchors>();
        services.AddSingleton<ITombstones, SqliteTombstones>();
        services.AddSingleton<IDueDevices, SqliteDueDevices>();
        services.AddSingleton<ISeenWriter, SqliteSeenWriter>();
        services.AddSingleton<IDeviceRemover, SqliteDeviceRemover>();
        services.AddSingleton<IBatchProcessor<DeviceWrite, SaveOutcome>, SqliteDeviceProcessor>();
        services.AddSingleton<IBatchProcessor<DeviceId, Device?>, SqliteReadProcessor>();
        services.AddSingleton<IBatchProcessor<Postponement, SaveOutcome>, SqlitePostponementProcessor>();
        return services.AddDeviceStore(lanes: 1); // one writer a file: a second lane would only wait for the first
    }

    /// <summary>Forgets events that are older; without it, they are kept for ever.</summary>
    /// <param name="months">At least so many are kept; 1 or more.</param>
    public static IServiceCollection AddHistoryRetention(this IServiceCollection services, int months) =>
        services.AddSingleton(new HistoryRetention(months)).AddHostedService<HistoryRetentionService>();

    // With the 16 of the lanes a server takes up to 40: an untouched PostgreSQL has 100 connections for everybody. What asks for more
    // at the same moment, as 256 shards do that look up their reminders, takes turns.
    private const int QueryConnections = 12;
    private const int RuntimeConnections = 12;

    private static NpgsqlDataSource CreateSource(NpgsqlConnectionStringBuilder settings, string name, int connections)
    {
        // Without the host's loggers: Npgsql tells of every statement at Information, and what fails is logged where it is handled.
        var named = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        named.ApplicationName ??= name;
        named.MaxPoolSize = connections;
        named.MinPoolSize = Math.Min(named.MinPoolSize, connections);
        return new NpgsqlDataSourceBuilder(named.ConnectionString).Build();
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0 } settings
                ? settings
                : throw new DatabaseUnusableException("ConnectionStrings:Postgres names no Host.");
        }
        catch (ArgumentException e)
        {
            throw DatabaseUnusableException.Settings(e);
        }
    }

    private static IServiceCollection AddDeviceStore(this IServiceCollection services, int lanes)
    {
        services.AddSingleton<TwinCodec>();
        services.AddSingleton<StoreFailures>();
        services.AddSingleton<StorageInstruments>();
        services.AddSingleton<SeenLane>();
        services.AddSingleton(provider => CreateCommitter<DeviceWrite, SaveOutcome>(
            provider, DeviceWrite.SameDevice, new GroupCommitOptions { Name = "devices", Lanes = lanes }));
        services.AddSingleton(provider => CreateCommitter<DeviceId, Device?>(
            provider, sameRow: null, new GroupCommitOptions { Name = "reads", Lanes = lanes, BatchSize = 256 }));
        services.AddSingleton(provider => CreateCommitter<Postponement, SaveOutcome>(
            provider, sameRow: null, new GroupCommitOptions { Name = "postponements", Lanes = 1 }));
        return services
            .AddSingleton<DeviceStore>()
            .AddSingleton<IDeviceStore>(provider => provider.GetRequiredService<DeviceStore>())
            .AddSingleton<IStoreLoad>(provider => provider.GetRequiredService<DeviceStore>());
    }

    private static GroupCommitter<TItem, TOutcome> CreateCommitter<TItem, TOutcome>(
        IServiceProvider provider, IEqualityComparer<TItem>? sameRow, GroupCommitOptions options) => new(
            provider.GetRequiredService<IBatchProcessor<TItem, TOutcome>>(),
            sameRow,
            options,
            provider.GetRequiredService<StorageInstruments>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GroupCommitter<TItem, TOutcome>>>());
}
