using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>The one connection that writes, with its prepared commands. Used by one thread.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public SqliteSession(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();

        // FULL: a commit is on the disk. The log may grow to 64 MB before it is copied into the file, which spares the hot pages.
        Execute("PRAGMA busy_timeout = 5000");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA wal_autocheckpoint = 16000");
        Execute("PRAGMA cache_size = -65536");
    }

    /// <summary>Prepared once, bound by position: <paramref name="sql"/> numbers its parameters <c>?1</c>, <c>?2</c> …</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new SqliteStatement(_connection, sql);
        }

        return statement;
    }

    /// <summary>Commits what <paramref name="work"/> did, or, when it throws, nothing of it.</summary>
    public T InTransaction<T>(Func<SqliteSession, T> work)
    {
        Statement("BEGIN IMMEDIATE").Execute();
        try
        {
            var result = work(this);
            Statement("COMMIT").Execute();
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>A failure may have rolled back already; then there is nothing left to do, and that is no failure of its own.</summary>
    private void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Statement("ROLLBACK").Execute();
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
