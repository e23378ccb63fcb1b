using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>The data directory of an embedded server, held for as long as this lives: one server at a time may use it.</summary>
/// <remarks>
/// Two files: Orleans' few, slow grains must not wait behind the batches of the twins, and SQLite has one writer a file.
/// The operating system lets go of the lock when the process dies, however it dies.
/// </remarks>
internal sealed class SqliteDirectory : IDisposable
{
    private readonly FileStream _lock;

    /// <exception cref="DirectoryInUseException">Somebody else holds it.</exception>
    public SqliteDirectory(string directory)
    {
        var path = Directory.CreateDirectory(directory).FullName;
        try
        {
            _lock = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DirectoryInUseException(path, e);
        }

        Devices = ConnectionString(Path.Combine(path, "devices.db"));
        Grains = ConnectionString(Path.Combine(path, "grains.db"));
    }

    /// <summary>Connection string of the twins and their history.</summary>
    public string Devices { get; }

    /// <summary>Connection string of Orleans' own tables.</summary>
    public string Grains { get; }

    public void Dispose()
    {
        // A pooled connection would keep the files open after the lock is gone.
        foreach (var connectionString in new[] { Devices, Grains })
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }

        _lock.Dispose();
    }

    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        DefaultTimeout = 5, // seconds that a connection waits for another's lock
    }.ConnectionString;
}
