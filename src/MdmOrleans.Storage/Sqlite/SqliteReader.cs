using MdmOrleans.Storage.GroupCommit;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Questions on connections of their own: in WAL mode they neither wait for the writer nor hold it up.</summary>
internal sealed class SqliteReader(SqliteDirectory directory)
{
    /// <summary>On the pool, since SQLite answers before it returns.</summary>
    public Task<T> AskAsync<T>(Func<SqliteCommand, T> ask, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var connection = new SqliteConnection(directory.Devices);
                connection.Open();
                using var command = connection.CreateCommand();
                return ask(command);
            }
            catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
            {
                throw Unavailable.Away("devices", e);
            }
        },
        cancellationToken);
}
