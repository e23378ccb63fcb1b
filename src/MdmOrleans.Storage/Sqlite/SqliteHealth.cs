using MdmOrleans.Core;
using MdmOrleans.Storage.Health;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Asks the thread that writes, since that is what hangs when the disk does.</summary>
internal sealed class SqliteHealth : IStorageHealth
{
    private const string Write = "UPDATE storage_health SET written_at = CURRENT_TIMESTAMP";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly SqliteWriter _writer;
    private readonly StoreFailures _failures;
    private readonly TimeProvider _time;
    private readonly WriteProbe _write;

    public SqliteHealth(SqliteWriter writer, StoreFailures failures, TimeProvider time)
    {
        (_writer, _failures, _time) = (writer, failures, time);
        _write = new WriteProbe(() => TryAsync(session => session.Statement(Write).Execute() == 1), time);
    }

    public async ValueTask<bool> TakesWritesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _failures.AreOver
                && await TryAsync(session => session.Statement("SELECT 1").HasRow()).WaitAsync(Patience, _time, cancellationToken)
                && await _write.SucceedsAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> TryAsync(Func<SqliteSession, bool> work)
    {
        try
        {
            return await _writer.RunAsync(work);
        }
        catch (Exception e) when (e is SqliteException or StorageUnavailableException)
        {
            return false;
        }
    }
}
