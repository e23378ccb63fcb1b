using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteDeviceRemover(SqliteWriter writer) : IDeviceRemover
{
    private static readonly string[] Beside =
    [
        SqliteDeviceSql.DeleteApps, SqliteDeviceSql.DeleteFinishedCommands, SqliteDeviceSql.DeleteSeen,
        SqliteDeviceSql.DeleteEvents, SqliteDeviceSql.DeleteAnchors,
    ];

    public async Task<SaveOutcome> RemoveAsync(Device device, Deletion deletion, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.RunAsync(session => Remove(session, device, deletion));
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("devices", e);
        }
    }

    private static SaveOutcome Remove(SqliteSession session, Device device, Deletion deletion)
    {
        var statement = Of(session, SqliteDeviceSql.Delete, device.Id);
        statement.Bind(3, device.Version);
        if (statement.Execute() == 0)
        {
            return SaveOutcome.Conflict;
        }

        Bury(session, device.Id, deletion.Event);
        foreach (var sql in Beside)
        {
            Of(session, sql, device.Id).Execute();
        }

        SqliteAuditTrail.Append(session, device.Id.Tenant, deletion.Audit);
        return SaveOutcome.Saved;
    }

    /// <summary>While its events are still there.</summary>
    private static void Bury(SqliteSession session, DeviceId id, DeviceEvent last)
    {
        var tombstone = Of(session, SqliteDeviceSql.InsertTombstone, id);
        tombstone.Bind(3, last.RecordedAt);
        tombstone.Bind(4, id.Shard);
        tombstone.Bind(5, last.Actor);
        tombstone.Bind(6, last.Number);
        tombstone.Bind(7, last.Hash.Span);
        tombstone.Bind(8, EventJson.Write(last).AsSpan());
        tombstone.Execute();
        var heads = Of(session, SqliteDeviceSql.InsertTombstoneHeads, id);
        heads.Bind(3, last.RecordedAt);
        heads.Bind(4, last.Number);
        heads.Bind(5, Convert.ToBase64String(last.Hash.Span));
        heads.Execute();
    }

    private static SqliteStatement Of(SqliteSession session, string sql, DeviceId id)
    {
        var statement = session.Statement(sql);
        statement.Bind(1, id.Tenant.Name);
        statement.Bind(2, id.Name);
        return statement;
    }
}
