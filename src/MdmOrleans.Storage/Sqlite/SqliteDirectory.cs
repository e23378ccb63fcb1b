using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>The data directory of an embedded server, held for as long as this lives: one server at a time may use it.</summary>
/// <remarks>
/// Two files: Orleans' few, slow grains must not wait behind the batches of the twins, and SQLite has one writer a file.
/// The operating system lets go of the lock when the process dies, however it dies.
/// </remarks>
internal sealed class SqliteDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LockedOnUnix = 11; // EWOULDBLOCK, as .NET hands it on
    private const int LockedOnWindows = unchecked((int)0x80070020); // ERROR_SHARING_VIOLATION

    private readonly FileStream _lock;

    /// <exception cref="StorageStartException">Somebody else holds it, or it cannot be made or written.</exception>
    public SqliteDirectory(string directory)
    {
        Path = System.IO.Path.GetFullPath(directory);
        Make(Path);
        _lock = Lock(Path);
        Devices = ConnectionString(System.IO.Path.Combine(Path, "devices.db"));
        Grains = ConnectionString(System.IO.Path.Combine(Path, "grains.db"));
    }

    public string Path { get; }

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

    /// <summary>For this user only, before SQLite makes it for everybody. Its log gets the same mode.</summary>
    internal static void MakePrivate(string file)
    {
        if (OperatingSystem.IsWindows() || File.Exists(file))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        new FileStream(file, options).Dispose();
    }

    /// <summary>What is in it is nobody else's to read: the twins say where people are.</summary>
    private static void Make(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DatabaseUnusableException.Directory(path, e);
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            return new FileStream(System.IO.Path.Combine(path, "lock"), options);
        }
        catch (UnauthorizedAccessException e)
        {
            throw DatabaseUnusableException.Directory(path, e);
        }
        catch (IOException e) when (e.HResult is LockedOnUnix or LockedOnWindows)
        {
            throw new DirectoryInUseException(path, e);
        }
        catch (IOException e) // e.g. a file system that is read-only, or full
        {
            throw DatabaseUnusableException.Directory(path, e);
        }
    }

    /// <param name="file">A path.</param>
    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        DefaultTimeout = 5, // seconds that a connection waits for another's lock
    }.ConnectionString;
}
