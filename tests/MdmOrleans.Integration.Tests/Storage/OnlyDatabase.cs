using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>The database of a server that a test has for itself.</summary>
internal sealed class OnlyDatabase(string connectionString) : ITestDatabase
{
    public IEnumerable<KeyValuePair<string, string>> Settings => [new("ConnectionStrings:Postgres", connectionString)];

    public void AddStorage(IServiceCollection services) => services.AddPostgresStorage(connectionString);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
