using MdmOrleans.Core;
using MdmOrleans.Storage.Twins;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresDeviceRemover(LaneDataSource lanes) : IDeviceRemover
{
    private const string Sql = """
        WITH deleted AS (
            DELETE FROM devices WHERE tenant = $1 AND device = $2 AND version = $3 RETURNING 1),
        unseen AS (
            DELETE FROM device_seen WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted)),
        forgotten AS (
            DELETE FROM device_events WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted)),
        unanchored AS (
            DELETE FROM device_event_anchors WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted))
        SELECT EXISTS (SELECT FROM deleted)
        """;

    public Task<SaveOutcome> RemoveAsync(Device device, CancellationToken cancellationToken) =>
        PostgresFaults.OrAwayAsync("devices", () => TryRemoveAsync(device, cancellationToken));

    private async Task<SaveOutcome> TryRemoveAsync(Device device, CancellationToken cancellationToken)
    {
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 7 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device.Id.Tenant.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device.Id.Name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = device.Version });
        return await command.ExecuteScalarAsync(cancellationToken) is true ? SaveOutcome.Saved : SaveOutcome.Conflict;
    }
}
