using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Loads many twins at once, for the moment when a gateway dies and all its devices come back.</summary>
internal sealed class DeviceReadProcessor(LaneDataSource lanes, TwinCodec codec) : IBatchProcessor<DeviceId, Device?>
{
    private const string Sql = $"""
        SELECT i.row, {PostgresRows.Twin}
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS i (tenant, device, row)
        JOIN devices d ON d.tenant = i.tenant AND d.device = i.device
        LEFT JOIN device_seen s ON s.tenant = i.tenant AND s.device = i.device
        """;

    public BatchFault Classify(Exception exception) => PostgresFaults.Classify(exception);

    public async Task ProcessAsync(
        ReadOnlyMemory<DeviceId> items, Memory<Device?> outcomes, bool isRetry, CancellationToken cancellationToken)
    {
        outcomes.Span.Clear();
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.AddColumn(NpgsqlDbType.Text, items.Span, id => id.Tenant.Name);
        command.AddColumn(NpgsqlDbType.Text, items.Span, id => id.Name);
        await command.PrepareAsync(cancellationToken);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var row = (int)rows.GetInt64(0) - 1;
            outcomes.Span[row] = codec.ReadTwin(rows, 1, items.Span[row]);
        }
    }
}
