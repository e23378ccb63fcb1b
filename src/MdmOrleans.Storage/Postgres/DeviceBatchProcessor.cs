using System.Collections.Concurrent;
using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Stores a batch of twins with their events in one statement.</summary>
internal sealed class DeviceBatchProcessor(LaneDataSource lanes, TwinCodec codec) : IBatchProcessor<DeviceWrite, SaveOutcome>
{
    private readonly ConcurrentBag<DeviceBatch> _idle = [];

    public BatchFault Classify(Exception exception) => PostgresFaults.Classify(exception);

    public async Task ProcessAsync(
        ReadOnlyMemory<DeviceWrite> items, Memory<SaveOutcome> outcomes, bool isRetry, CancellationToken cancellationToken)
    {
        var batch = _idle.TryTake(out var idle) ? idle : new DeviceBatch(codec);
        batch.Fill(items.Span);
        outcomes.Span.Fill(SaveOutcome.Conflict);

        await using var connection = await lanes.OpenAsync(cancellationToken);
        await SaveAsync(connection, batch, outcomes, cancellationToken);
        if (isRetry && outcomes.Span.Contains(SaveOutcome.Conflict))
        {
            await FindStoredBeforeAsync(connection, batch, outcomes, cancellationToken);
        }

        _idle.Add(batch); // not in a finally: after a failure the connection may still be reading from its buffers
    }

    private static async Task SaveAsync(
        NpgsqlConnection connection, DeviceBatch batch, Memory<SaveOutcome> outcomes, CancellationToken cancellationToken)
    {
        var command = batch.Command;
        command.Connection = connection;
        command.CommandText = batch.Creates ? DeviceBatchSql.UpdateAndCreate : DeviceBatchSql.Update;
        await command.PrepareAsync(cancellationToken);
        await MarkSavedAsync(command, outcomes, cancellationToken);
    }

    private static async Task FindStoredBeforeAsync(
        NpgsqlConnection connection, DeviceBatch batch, Memory<SaveOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using var command = batch.CreateStoredBefore(connection);
        await MarkSavedAsync(command, outcomes, cancellationToken);
    }

    /// <summary>The statement answers with the rows, counted from 1, that are stored.</summary>
    private static async Task MarkSavedAsync(NpgsqlCommand command, Memory<SaveOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            outcomes.Span[(int)rows.GetInt64(0) - 1] = SaveOutcome.Saved;
        }
    }
}
