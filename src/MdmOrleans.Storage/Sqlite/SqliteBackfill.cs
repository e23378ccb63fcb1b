using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Fills in the column <c>searched</c> of rows from before it existed, and the serial number that counts since then. The text is in the twin's binary state, which SQL cannot read.</summary>
internal static class SqliteBackfill
{
    private const string Unsearched = $"SELECT d.tenant, d.device, {SqliteRows.Twin} FROM {SqliteRows.Tables} WHERE d.searched IS NULL";

    public static void Run(SqliteConnection connection, TwinCodec codec)
    {
        var found = Read(connection, codec);
        if (found.Count == 0)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE devices SET searched = $searched, serial = $serial WHERE tenant = $tenant AND device = $device";
        var searched = command.Parameters.Add("$searched", SqliteType.Text);
        var tenant = command.Parameters.Add("$tenant", SqliteType.Text);
        var device = command.Parameters.Add("$device", SqliteType.Text);
        var serial = command.Parameters.Add("$serial", SqliteType.Text);
        foreach (var twin in found)
        {
            (searched.Value, tenant.Value, device.Value) = (TwinBlocks.Searched(twin), twin.Id.Tenant.Name, twin.Id.Name);
            serial.Value = (object?)twin.Serial ?? DBNull.Value;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static List<Device> Read(SqliteConnection connection, TwinCodec codec)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Unsearched;
        using var rows = command.ExecuteReader();
        var found = new List<Device>();
        while (rows.Read())
        {
            try
            {
                if (DeviceId.TryCreate(rows.GetString(0), rows.GetString(1), out var id))
                {
                    found.Add(codec.ReadTwin(rows, 2, id));
                }
            }
            catch (Exception e) when (SqliteFaults.Classify(e) is BatchFault.Poisoned)
            {
                // Said by whoever loads it.
            }
        }

        return found;
    }
}
