using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Fills in the column <c>searched</c> of rows from before it existed, and the serial number that counts since then. The text is in the twin's binary state, which SQL cannot read.</summary>
/// <remarks>A page at a time, so that no transaction is long; interrupted, it goes on where it was. A row that is written meanwhile wins.</remarks>
internal sealed class SearchedBackfill(TwinCodec codec)
{
    private const int PageSize = 500;

    private const string Next = $"""
        SELECT d.tenant, d.device, d.version, {PostgresRows.Twin} FROM {PostgresRows.Tables}
        WHERE d.searched IS NULL AND (d.tenant, d.device) > ($1, $2) ORDER BY d.tenant, d.device LIMIT $3
        """;

    private const string Fill = """
        UPDATE devices d SET searched = i.searched::jsonb, serial = i.serial
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) AS i (tenant, device, version, searched, serial)
        WHERE d.tenant = i.tenant AND d.device = i.device AND d.version = i.version AND d.searched IS NULL
        """;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (tenant, device) = (string.Empty, string.Empty);
        while (true)
        {
            var (rows, count, last) = await ReadAsync(connection, tenant, device, cancellationToken);
            if (rows.Count > 0)
            {
                await FillAsync(connection, rows, cancellationToken);
            }

            if (count < PageSize)
            {
                return;
            }

            (tenant, device) = last;
        }
    }

    private async Task<(List<Row> Rows, int Count, (string Tenant, string Device) Last)> ReadAsync(
        NpgsqlConnection connection, string tenant, string device, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Next, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        var (found, count, last) = (new List<Row>(), 0, (tenant, device));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            count++;
            last = (rows.GetString(0), rows.GetString(1));
            if (TryRead(rows) is { } row)
            {
                found.Add(row);
            }
        }

        return (found, count, last);
    }

    private Row? TryRead(NpgsqlDataReader row)
    {
        try
        {
            return DeviceId.TryCreate(row.GetString(0), row.GetString(1), out var id)
                ? RowOf(codec.ReadTwin(row, 3, id), row.GetInt64(2))
                : null;
        }
        catch (Exception e) when (PostgresFaults.Classify(e) is BatchFault.Poisoned)
        {
            return null; // said by whoever loads it
        }
    }

    private static Row RowOf(Device device, long version) =>
        new(device.Id, version, TwinBlocks.Searched(device), Searchable.Text(device.Serial));

    private static async Task FillAsync(NpgsqlConnection connection, List<Row> rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Fill, connection) { CommandTimeout = 0 };
        ReadOnlySpan<Row> items = rows.ToArray();
        command.AddColumn(NpgsqlDbType.Text, items, row => row.Id.Tenant.Name);
        command.AddColumn(NpgsqlDbType.Text, items, row => row.Id.Name);
        command.AddColumn(NpgsqlDbType.Bigint, items, row => row.Version);
        command.AddColumn(NpgsqlDbType.Text, items, row => row.Searched);
        command.AddColumn(NpgsqlDbType.Text, items, row => row.Serial);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Row(DeviceId Id, long Version, string Searched, string? Serial);
}
