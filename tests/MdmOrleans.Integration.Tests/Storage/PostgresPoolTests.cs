using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>A flood of queries delays queries, and nothing that the cluster lives by.</summary>
public sealed class PostgresPoolTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orleans_finds_a_connection_while_queries_hold_all_of_theirs()
    {
        await using var services = Compose();
        var queries = services.GetRequiredService<NpgsqlDataSource>();
        var held = new List<NpgsqlConnection>();
        for (var i = 0; i < new NpgsqlConnectionStringBuilder(queries.ConnectionString).MaxPoolSize; i++)
        {
            held.Add(await queries.OpenConnectionAsync(Cancellation));
        }

        await using var connection = await services.GetRequiredService<OrleansDatabase>().DataSource!.OpenConnectionAsync(Cancellation);

        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
        foreach (var one in held)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_takes_up_to_forty_connections()
    {
        await using var services = Compose();
        int[] pools =
        [
            SizeOf(services.GetRequiredService<NpgsqlDataSource>().ConnectionString),
            SizeOf(services.GetRequiredService<OrleansDatabase>().DataSource!.ConnectionString),
            16, // of the lanes
        ];

        Assert.Equal(40, pools.Sum());

        static int SizeOf(string settings) => new NpgsqlConnectionStringBuilder(settings).MaxPoolSize;
    }

    private ServiceProvider Compose()
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        database.AddStorage(services);
        return services.BuildServiceProvider();
    }
}
