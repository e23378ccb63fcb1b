using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>A fresh database on the server that all classes share.</summary>
public sealed class PostgresDatabase(PostgresFixture postgres) : ITestDatabase, IAsyncLifetime
{
    private readonly string _name = $"mdm_test_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";

    public string ConnectionString { get; private set; } = string.Empty;

    public IEnumerable<KeyValuePair<string, string>> Settings => [new("ConnectionStrings:Postgres", ConnectionString)];

    public async ValueTask InitializeAsync()
    {
        var server = await postgres.GetAsync();
        ConnectionString = server.ConnectionString(_name);
        await ExecuteAsync(server.ConnectionString("postgres"), $"CREATE DATABASE {_name}");
    }

    public void AddStorage(IServiceCollection services) => services.AddPostgresStorage(ConnectionString);

    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    public async ValueTask DisposeAsync() =>
        await ExecuteAsync((await postgres.GetAsync()).ConnectionString("postgres"), $"DROP DATABASE {_name} WITH (FORCE)");

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false"); // the server may have been killed since the last one
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
