using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
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

    public async Task<SaveOutcome> RemoveAsync(Device device, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.RunAsync(session => Remove(session, device));
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("devices", e);
        }
    }

    private static SaveOutcome Remove(SqliteSession session, Device device)
    {
        var statement = Of(session, SqliteDeviceSql.Delete, device.Id);
        statement.Bind(3, device.Version);
        if (statement.Execute() == 0)
        {
            return SaveOutcome.Conflict;
        }

        foreach (var sql in Beside)
        {
            Of(session, sql, device.Id).Execute();
        }

        return SaveOutcome.Saved;
    }

    private static SqliteStatement Of(SqliteSession session, string sql, DeviceId id)
    {
        var statement = session.Statement(sql);
        statement.Bind(1, id.Tenant.Name);
        statement.Bind(2, id.Name);
        return statement;
    }
}
