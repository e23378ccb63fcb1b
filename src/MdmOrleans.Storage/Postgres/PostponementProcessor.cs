using System.Buffers;
using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Stores the new times of a batch of twins in one statement.</summary>
/// <remarks>After an attempt that ended without an answer the rows have other due instants, so they are conflicts: their grains will find nothing to do.</remarks>
internal sealed class PostponementProcessor(LaneDataSource lanes, TwinCodec codec) : IBatchProcessor<Postponement, SaveOutcome>
{
    // In the order of the names, so that two servers that postpone the same devices wait for each other and not for ever.
    private const string Sql = """
        UPDATE devices d SET next_due_at = i.next_due_at, state = i.state
        FROM (
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::bytea[])
                WITH ORDINALITY AS u (tenant, device, version, created_at, due_at, next_due_at, state, row)
            ORDER BY tenant COLLATE "C", device COLLATE "C") AS i
        WHERE d.tenant = i.tenant AND d.device = i.device AND d.version = i.version AND d.created_at = i.created_at AND d.next_due_at = i.due_at
        RETURNING i.row
        """;

    public BatchFault Classify(Exception exception) => PostgresFaults.Classify(exception);

    public async Task ProcessAsync(
        ReadOnlyMemory<Postponement> items, Memory<SaveOutcome> outcomes, bool isRetry, CancellationToken cancellationToken)
    {
        outcomes.Span.Fill(SaveOutcome.Conflict);
        var states = WriteStates(items.Span);
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.AddColumn(NpgsqlDbType.Text, items.Span, item => item.Before.Id.Tenant.Name);
        command.AddColumn(NpgsqlDbType.Text, items.Span, item => item.Before.Id.Name);
        command.AddColumn(NpgsqlDbType.Bigint, items.Span, item => item.Before.Version);
        command.AddColumn(NpgsqlDbType.TimestampTz, items.Span, item => item.Before.CreatedAt.UtcDateTime);
        command.AddColumn(NpgsqlDbType.TimestampTz, items.Span, item => item.Before.NextDueAt?.UtcDateTime);
        command.AddColumn(NpgsqlDbType.TimestampTz, items.Span, item => item.After.NextDueAt?.UtcDateTime);
        command.AddColumn<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea, states, state => state);
        await command.PrepareAsync(cancellationToken);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            outcomes.Span[(int)rows.GetInt64(0) - 1] = SaveOutcome.Saved;
        }
    }

    private ReadOnlyMemory<byte>[] WriteStates(ReadOnlySpan<Postponement> items)
    {
        var bytes = new ArrayBufferWriter<byte>(items.Length * 1024);
        var ends = new int[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            codec.Write(bytes, items[i].After);
            ends[i] = bytes.WrittenCount;
        }

        var states = new ReadOnlyMemory<byte>[items.Length]; // only now, since the buffer moves while it grows
        for (var i = 0; i < states.Length; i++)
        {
            var start = i == 0 ? 0 : ends[i - 1];
            states[i] = bytes.WrittenMemory[start..ends[i]];
        }

        return states;
    }
}
