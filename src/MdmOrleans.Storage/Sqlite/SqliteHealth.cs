using MdmOrleans.Core;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Asks the thread that writes, since that is what hangs when the disk does.</summary>
internal sealed class SqliteHealth(SqliteWriter writer, TimeProvider time) : IStorageHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public async ValueTask<bool> IsAnsweringAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await writer.RunAsync(session => session.Statement("SELECT 1").HasRow()).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or Microsoft.Data.Sqlite.SqliteException)
        {
            return false;
        }
    }
}
