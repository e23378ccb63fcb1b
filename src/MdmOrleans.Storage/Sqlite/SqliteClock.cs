using MdmOrleans.Core.Clocks;
using MdmOrleans.Storage.GroupCommit;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>A file has no clock of its own.</summary>
internal sealed class SqliteClock(SqliteWriter writer, SqliteReader reader) : IClockStore
{
    public ValueTask<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<DateTimeOffset?>(null);

    public async ValueTask<DateTimeOffset?> ReadMarkAsync(CancellationToken cancellationToken) => await reader.AskAsync(
        command =>
        {
            command.CommandText = "SELECT at FROM clock_mark";
            return command.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        },
        cancellationToken);

    public async ValueTask MarkAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            await writer.RunAsync(session =>
            {
                var statement = session.Statement("INSERT INTO clock_mark (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = excluded.at");
                statement.Bind(1, at);
                return statement.Execute();
            }).WaitAsync(cancellationToken);
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("clock", e);
        }
    }
}
