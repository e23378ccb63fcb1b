using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>A prepared statement bound by position, without a parameter object or a boxed value per column and row.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int place, long value) => Check(raw.sqlite3_bind_int64(_statement, place, value));

    public void Bind(int place, long? value) =>
        Check(value is { } known ? raw.sqlite3_bind_int64(_statement, place, known) : raw.sqlite3_bind_null(_statement, place));

    /// <summary>UTC ticks; null is null.</summary>
    public void Bind(int place, DateTimeOffset? value) => Bind(place, value?.UtcTicks);

    public void Bind(int place, string? value) =>
        Check(value is null ? raw.sqlite3_bind_null(_statement, place) : raw.sqlite3_bind_text(_statement, place, value));

    public void Bind(int place, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, place, value));

    public void Bind(int place, ReadOnlyMemory<byte>? value) =>
        Check(value is { } known ? raw.sqlite3_bind_blob(_statement, place, known.Span) : raw.sqlite3_bind_null(_statement, place));

    /// <param name="utf8">Stored as text.</param>
    public void BindText(int place, ReadOnlyMemory<byte>? utf8) =>
        Check(utf8 is { } known ? raw.sqlite3_bind_text(_statement, place, known.Span) : raw.sqlite3_bind_null(_statement, place));

    /// <returns>The rows that it changed.</returns>
    public int Execute()
    {
        var code = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement); // repeats the error of the step, if there was one
        Check(code is raw.SQLITE_DONE or raw.SQLITE_ROW ? reset : code);
        return raw.sqlite3_changes(_database);
    }

    /// <summary>True when the query has an answer.</summary>
    public bool HasRow()
    {
        var code = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement);
        Check(code is raw.SQLITE_DONE or raw.SQLITE_ROW ? reset : code);
        return code is raw.SQLITE_ROW;
    }

    /// <summary>What <paramref name="read"/> makes of the first row of the answer; null when there is none.</summary>
    public T? First<T>(Func<SqliteStatement, T> read)
        where T : class
    {
        var code = raw.sqlite3_step(_statement);
        var value = code is raw.SQLITE_ROW ? read(this) : null;
        var reset = raw.sqlite3_reset(_statement);
        Check(code is raw.SQLITE_DONE or raw.SQLITE_ROW ? reset : code);
        return value;
    }

    /// <summary>A column of the row that <see cref="First"/> reads.</summary>
    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the row that <see cref="First"/> reads.</summary>
    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
