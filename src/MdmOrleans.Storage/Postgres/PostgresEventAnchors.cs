using System.Collections.Immutable;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresEventAnchors(NpgsqlDataSource postgres) : IEventAnchors
{
    public async ValueTask<ImmutableArray<DeviceEvent>> ReadAsync(DeviceId id, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand("SELECT body FROM device_event_anchors WHERE tenant = $1 AND device = $2 ORDER BY number");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Tenant.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Name });
        return await PostgresFaults.AskAsync(postgres, "events", async () =>
        {
            var events = ImmutableArray.CreateBuilder<DeviceEvent>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                events.Add(EventJson.Read(rows.GetFieldValue<byte[]>(0)));
            }

            return events.ToImmutable();
        });
    }
}
