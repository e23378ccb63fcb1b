using System.Buffers;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.History;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Stores a batch of twins with their events in one transaction, row by row.</summary>
internal sealed class SqliteDeviceProcessor(SqliteWriter writer, TwinCodec codec) : IBatchProcessor<DeviceWrite, SaveOutcome>
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024); // used by the writer's thread only

    public BatchFault Classify(Exception exception) => SqliteFaults.Classify(exception);

    public Task ProcessAsync(
        ReadOnlyMemory<DeviceWrite> items, Memory<SaveOutcome> outcomes, bool isRetry, CancellationToken cancellationToken) =>
        writer.RunAsync(session =>
        {
            using var json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });
            var writes = items.Span;
            for (var i = 0; i < writes.Length; i++)
            {
                outcomes.Span[i] = Save(session, in writes[i], json, isRetry);
            }

            return writes.Length;
        });

    private SaveOutcome Save(SqliteSession session, in DeviceWrite write, Utf8JsonWriter json, bool isRetry)
    {
        _bytes.ResetWrittenCount();
        codec.Write(_bytes, write.After);
        var state = _bytes.WrittenSpan;
        if (!TryStore(session, in write, state))
        {
            return isRetry && WasStored(session, in write, state) ? SaveOutcome.Saved : SaveOutcome.Conflict;
        }

        StoreApps(session, in write);
        StoreFinishedCommands(session, in write);
        foreach (var @event in write.Events)
        {
            Append(session, write.After, @event, json);
        }

        return SaveOutcome.Saved;
    }

    private static bool TryStore(SqliteSession session, in DeviceWrite write, ReadOnlySpan<byte> state)
    {
        var (before, device) = (write.Before, write.After);
        var searchedAlike = before is not null && SqliteDeviceSql.AreSearchedAlike(before, device);
        var statement = session.Statement(
            before is null ? SqliteDeviceSql.Create : searchedAlike ? SqliteDeviceSql.UpdateState : SqliteDeviceSql.Update);
        statement.Bind(1, device.Id.Tenant.Name);
        statement.Bind(2, device.Id.Name);
        statement.Bind(3, write.ExpectedVersion);
        statement.Bind(4, state);
        statement.Bind(5, device.Seen?.SeenAt);
        statement.Bind(6, device.Seen?.CheckInAt);
        statement.Bind(7, TwinBlocks.ChangedLabels(write));
        statement.BindText(8, TwinBlocks.ChangedAttributes(write));
        statement.Bind(searchedAlike ? 9 : 23, TwinBlocks.ChangedSearched(write));
        if (!searchedAlike)
        {
            BindSearched(statement, device);
        }

        if (before is null)
        {
            statement.Bind(21, device.Id.Shard);
            statement.Bind(22, device.CreatedAt);
        }

        return statement.Execute() == 1;
    }

    private static void BindSearched(SqliteStatement statement, Device device)
    {
        statement.Bind(9, device.Epoch);
        statement.Bind(10, device.Lifecycle.ToWire());
        statement.Bind(11, device.Compliance.Status.ToWire());
        statement.Bind(12, device.Access.Level.ToWire());
        statement.Bind(13, device.Platform?.ToWire());
        statement.Bind(14, device.Posture?.OsVersion);
        statement.Bind(15, device.Serial);
        statement.Bind(16, device.Compliance.Policy?.Id);
        statement.Bind(17, device.Compliance.Policy?.Version);
        statement.Bind(18, device.NextDueAt);
        statement.Bind(19, device.Compliance.Ladder?.NominatedAt);
        statement.Bind(20, HoldRules.Count(device.Commands));
    }

    /// <summary>After an attempt that ended without an answer: a row that lost to nobody but that attempt.</summary>
    private static bool WasStored(SqliteSession session, in DeviceWrite write, ReadOnlySpan<byte> state)
    {
        var statement = session.Statement(SqliteDeviceSql.StoredBefore);
        statement.Bind(1, write.After.Id.Tenant.Name);
        statement.Bind(2, write.After.Id.Name);
        statement.Bind(3, write.ExpectedVersion);
        statement.Bind(4, state);
        return statement.HasRow();
    }

    private static void StoreApps(SqliteSession session, in DeviceWrite write)
    {
        if (TwinBlocks.ChangedApps(write) is not { } apps)
        {
            return;
        }

        var statement = session.Statement(SqliteDeviceSql.UpsertApps);
        statement.Bind(1, write.After.Id.Tenant.Name);
        statement.Bind(2, write.After.Id.Name);
        statement.Bind(3, apps.Span);
        statement.Execute();
    }

    private void StoreFinishedCommands(SqliteSession session, in DeviceWrite write)
    {
        if (!TwinBlocks.HasChangedFinished(write))
        {
            return;
        }

        _bytes.ResetWrittenCount();
        codec.WriteFinished(_bytes, write.After.Commands.Finished);
        var statement = session.Statement(SqliteDeviceSql.UpsertFinishedCommands);
        statement.Bind(1, write.After.Id.Tenant.Name);
        statement.Bind(2, write.After.Id.Name);
        statement.Bind(3, _bytes.WrittenSpan);
        statement.Execute();
    }

    private void Append(SqliteSession session, Device device, DeviceEvent @event, Utf8JsonWriter json)
    {
        _bytes.ResetWrittenCount();
        EventJson.Write(json, @event);
        json.Reset();
        var statement = session.Statement(SqliteDeviceSql.Append);
        statement.Bind(1, device.Id.Tenant.Name);
        statement.Bind(2, device.Id.Name);
        statement.Bind(3, @event.Number);
        statement.Bind(4, @event.RecordedAt);
        statement.Bind(5, _bytes.WrittenSpan);
        statement.Bind(6, @event.Kind);
        statement.Execute();
    }
}
