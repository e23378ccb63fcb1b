using MdmOrleans.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>A fresh data directory.</summary>
public sealed class SqliteDatabase : ITestDatabase, IDisposable
{
    public SqliteDatabase()
        : this(System.IO.Directory.CreateTempSubdirectory("mdm-sqlite-").FullName)
    {
    }

    internal SqliteDatabase(string directory) => Directory = directory;

    public string Directory { get; }

    public IEnumerable<KeyValuePair<string, string>> Settings => [new("Storage:Directory", Directory)];

    public void AddStorage(IServiceCollection services) => services.AddSqliteStorage(Directory);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, "devices.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
