using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteSeenWriter(SqliteWriter writer) : ISeenWriter
{
    public BatchFault Classify(Exception exception) => SqliteFaults.Classify(exception);

    public Task WriteAsync(ReadOnlyMemory<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Write(session, batch));

    private static int Write(SqliteSession session, ReadOnlyMemory<KeyValuePair<DeviceId, LastSeen>> batch)
    {
        var statement = session.Statement(SqliteDeviceSql.UpsertSeen);
        foreach (var (id, seen) in batch.Span)
        {
            statement.Bind(1, id.Tenant.Name);
            statement.Bind(2, id.Name);
            statement.Bind(3, seen.SeenAt);
            statement.Bind(4, seen.CheckInAt);
            statement.Bind(5, seen.DeviceClock);
            statement.Bind(6, seen.Seq);
            statement.Bind(7, seen.Boot);
            statement.Execute();
        }

        return batch.Length;
    }
}
