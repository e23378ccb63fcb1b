using System.Collections.Immutable;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteEventAnchors(SqliteReader reader) : IEventAnchors
{
    public async ValueTask<ImmutableArray<DeviceEvent>> ReadAsync(DeviceId id, CancellationToken cancellationToken) => await reader.AskAsync(
        command =>
        {
            command.CommandText = "SELECT body FROM device_event_anchors WHERE tenant = $tenant AND device = $device ORDER BY number";
            command.Parameters.AddWithValue("$tenant", id.Tenant.Name);
            command.Parameters.AddWithValue("$device", id.Name);
            var events = ImmutableArray.CreateBuilder<DeviceEvent>();
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                events.Add(EventJson.Read(rows.GetFieldValue<byte[]>(0)));
            }

            return events.ToImmutable();
        },
        cancellationToken);
}
