using System.Buffers;
using System.Collections;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.History;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>The parameters of one batch, one list a column. Reused from batch to batch, so that a row allocates next to nothing.</summary>
internal sealed class DeviceBatch
{
    private readonly TwinCodec _codec;
    private readonly List<IList> _columns = [];
    private readonly ArrayBufferWriter<byte> _bytes = new(512 * 1024);
    private readonly List<(int Start, int Length)> _states = [];
    private readonly List<(int Start, int Length)> _bodies = [];
    private readonly List<(int Start, int Length)> _finishedBlocks = []; // of length 0 where it is as before

    private readonly List<string> _tenant = [];
    private readonly List<string> _device = [];
    private readonly List<long> _expected = [];
    private readonly List<short> _shard = [];
    private readonly List<int> _epoch = [];
    private readonly List<string> _lifecycle = [];
    private readonly List<string> _compliance = [];
    private readonly List<string> _access = [];
    private readonly List<string?> _platform = [];
    private readonly List<string?> _osVersion = [];
    private readonly List<string?> _serial = [];
    private readonly List<string?> _policy = [];
    private readonly List<int?> _policyVersion = [];
    private readonly List<DateTime> _createdAt = [];
    private readonly List<DateTime?> _nextDueAt = [];
    private readonly List<DateTime?> _checkedInAt = [];
    private readonly List<DateTime?> _seenAt = [];
    private readonly List<ReadOnlyMemory<byte>> _state = [];
    private readonly List<string?> _labels = [];
    private readonly List<ReadOnlyMemory<byte>?> _attributes = [];
    private readonly List<ReadOnlyMemory<byte>?> _apps = [];
    private readonly List<DateTime?> _nominatedAt = [];
    private readonly List<int> _holds = [];
    private readonly List<ReadOnlyMemory<byte>?> _finished = [];

    private readonly List<string?> _searched = [];

    private readonly List<int> _eventRow = [];
    private readonly List<long> _eventNumber = [];
    private readonly List<DateTime> _eventAt = [];
    private readonly List<ReadOnlyMemory<byte>> _eventBody = [];
    private readonly List<string> _eventKind = [];

    public DeviceBatch(TwinCodec codec)
    {
        _codec = codec;
        Command = new NpgsqlCommand();
        Add(_tenant, NpgsqlDbType.Text);
        Add(_device, NpgsqlDbType.Text);
        Add(_expected, NpgsqlDbType.Bigint);
        Add(_shard, NpgsqlDbType.Smallint);
        Add(_epoch, NpgsqlDbType.Integer);
        Add(_lifecycle, NpgsqlDbType.Text);
        Add(_compliance, NpgsqlDbType.Text);
        Add(_access, NpgsqlDbType.Text);
        Add(_platform, NpgsqlDbType.Text);
        Add(_osVersion, NpgsqlDbType.Text);
        Add(_serial, NpgsqlDbType.Text);
        Add(_policy, NpgsqlDbType.Text);
        Add(_policyVersion, NpgsqlDbType.Integer);
        Add(_createdAt, NpgsqlDbType.TimestampTz);
        Add(_nextDueAt, NpgsqlDbType.TimestampTz);
        Add(_checkedInAt, NpgsqlDbType.TimestampTz);
        Add(_seenAt, NpgsqlDbType.TimestampTz);
        Add(_state, NpgsqlDbType.Bytea);
        Add(_labels, NpgsqlDbType.Text);
        Add(_attributes, NpgsqlDbType.Bytea);
        Add(_apps, NpgsqlDbType.Bytea);
        Add(_nominatedAt, NpgsqlDbType.TimestampTz);
        Add(_eventRow, NpgsqlDbType.Integer);
        Add(_eventNumber, NpgsqlDbType.Bigint);
        Add(_eventAt, NpgsqlDbType.TimestampTz);
        Add(_eventBody, NpgsqlDbType.Bytea);
        Add(_eventKind, NpgsqlDbType.Text);
        Add(_holds, NpgsqlDbType.Integer);
        Add(_finished, NpgsqlDbType.Bytea);
        Add(_searched, NpgsqlDbType.Text);
    }

    public NpgsqlCommand Command { get; }

    /// <summary>True when a row of it is new.</summary>
    public bool Creates { get; private set; }

    public void Fill(ReadOnlySpan<DeviceWrite> writes)
    {
        Clear();
        using var json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });
        for (var i = 0; i < writes.Length; i++)
        {
            Add(in writes[i]);
            foreach (var @event in writes[i].Events)
            {
                Add(@event, row: i + 1, json);
            }
        }

        // Only now, since the buffer moves while it grows.
        _state.AddRange(_states.Select(At));
        _eventBody.AddRange(_bodies.Select(At));
        _finished.AddRange(_finishedBlocks.Select(block => block.Length == 0 ? (ReadOnlyMemory<byte>?)null : At(block)));
    }

    public NpgsqlCommand CreateStoredBefore(NpgsqlConnection connection) => new(DeviceBatchSql.StoredBefore, connection)
    {
        Parameters =
        {
            new NpgsqlParameter<List<string>> { TypedValue = _tenant },
            new NpgsqlParameter<List<string>> { TypedValue = _device },
            new NpgsqlParameter<List<long>> { TypedValue = _expected },
            new NpgsqlParameter<List<ReadOnlyMemory<byte>>> { TypedValue = _state, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
        },
    };

    private void Add(in DeviceWrite write)
    {
        var device = write.After;
        Creates |= write.Before is null;
        _tenant.Add(device.Id.Tenant.Name);
        _device.Add(device.Id.Name);
        _expected.Add(write.ExpectedVersion);
        _shard.Add(write.Before is null ? (short)device.Id.Shard : (short)0); // fixed for ever: an update does not write it
        _epoch.Add(device.Epoch);
        _lifecycle.Add(device.Lifecycle.ToWire());
        _compliance.Add(device.Compliance.Status.ToWire());
        _access.Add(device.Access.Level.ToWire());
        _platform.Add(device.Platform?.ToWire());
        _osVersion.Add(Searchable.Text(device.Posture?.OsVersion));
        _serial.Add(Searchable.Text(device.Serial));
        _policy.Add(device.Compliance.Policy?.Id);
        _policyVersion.Add(device.Compliance.Policy?.Version);
        _createdAt.Add(device.CreatedAt.UtcDateTime);
        _nextDueAt.Add(device.NextDueAt?.UtcDateTime);
        _checkedInAt.Add(device.Seen?.CheckInAt?.UtcDateTime);
        _seenAt.Add(device.Seen?.SeenAt.UtcDateTime);
        _labels.Add(TwinBlocks.ChangedLabels(write));
        _attributes.Add(TwinBlocks.ChangedAttributes(write));
        _apps.Add(TwinBlocks.ChangedApps(write));
        _nominatedAt.Add(device.Compliance.Ladder?.NominatedAt?.UtcDateTime);
        _holds.Add(HoldRules.Count(device.Commands));
        _searched.Add(TwinBlocks.ChangedSearched(write));
        var start = _bytes.WrittenCount;
        _codec.Write(_bytes, device);
        _states.Add(Since(start));
        start = _bytes.WrittenCount;
        if (TwinBlocks.HasChangedFinished(write))
        {
            _codec.WriteFinished(_bytes, device.Commands.Finished);
        }

        _finishedBlocks.Add(Since(start));
    }

    private void Add(DeviceEvent @event, int row, Utf8JsonWriter json)
    {
        _eventRow.Add(row);
        _eventNumber.Add(@event.Number);
        _eventAt.Add(@event.RecordedAt.UtcDateTime);
        _eventKind.Add(@event.Kind);
        var start = _bytes.WrittenCount;
        EventJson.Write(json, @event);
        json.Reset();
        _bodies.Add(Since(start));
    }

    private (int Start, int Length) Since(int start) => (start, _bytes.WrittenCount - start);

    private ReadOnlyMemory<byte> At((int Start, int Length) place) => _bytes.WrittenMemory.Slice(place.Start, place.Length);

    private void Add<T>(List<T> column, NpgsqlDbType type)
    {
        _columns.Add(column);
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private void Clear()
    {
        Creates = false;
        _bytes.ResetWrittenCount();
        _states.Clear();
        _bodies.Clear();
        _finishedBlocks.Clear();
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }
}
