using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Loads many twins at once, on one connection and with one prepared statement.</summary>
internal sealed class SqliteReadProcessor(SqliteReader reader, TwinCodec codec) : IBatchProcessor<DeviceId, Device?>
{
    private const string Sql = $"SELECT {SqliteRows.Twin} FROM {SqliteRows.Tables} WHERE d.tenant = $tenant AND d.device = $device";

    public BatchFault Classify(Exception exception) =>
        exception is StorageUnavailableException ? BatchFault.Transient : SqliteFaults.Classify(exception);

    public Task ProcessAsync(ReadOnlyMemory<DeviceId> items, Memory<Device?> outcomes, bool isRetry, CancellationToken cancellationToken) =>
        reader.AskAsync(
            command =>
            {
                command.CommandText = Sql;
                var tenant = command.Parameters.Add("$tenant", SqliteType.Text);
                var device = command.Parameters.Add("$device", SqliteType.Text);
                for (var i = 0; i < items.Length; i++)
                {
                    var id = items.Span[i];
                    tenant.Value = id.Tenant.Name;
                    device.Value = id.Name;
                    using var row = command.ExecuteReader();
                    outcomes.Span[i] = row.Read() ? codec.ReadTwin(row, 0, id) : null;
                }

                return items.Length;
            },
            cancellationToken);
}
