using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Health;
using MdmOrleans.Storage.Twins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>The lane of last-seen times, on a database that does not take them.</summary>
public sealed class SeenLaneTests
{
    private static readonly DeviceId Device = DeviceId.Parse("lane/device");
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedWriter _writer = new();

    [Fact]
    public async Task Promises_nothing_once_it_is_five_seconds_behind_and_again_when_it_has_caught_up()
    {
        var lane = CreateLane();
        _writer.IsAway = true;

        Assert.True(lane.TryTouch(Device, Seen(1)));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.True(lane.TryTouch(Device, Seen(2)));
            _time.Advance(TimeSpan.FromSeconds(2));
            await _writer.NextAttemptAsync();
        }

        Assert.False(lane.TryTouch(Device, Seen(3)));

        _writer.IsAway = false;
        await lane.DisposeAsync(); // writes what is left
        Assert.Equal(2, _writer.Written[Device].Seq); // what was promised, and nothing else
        Assert.True(lane.TryTouch(Device, Seen(4)));
    }

    [Fact]
    public async Task A_row_that_the_database_never_takes_does_not_hold_up_the_others()
    {
        var lane = CreateLane();
        _writer.Poisoned = DeviceId.Parse("lane/device-3");
        for (var i = 0; i < 8; i++)
        {
            lane.TryTouch(DeviceId.Parse($"lane/device-{i}"), Seen(1));
        }

        await lane.DisposeAsync();

        Assert.Equal(7, _writer.Written.Count);
        Assert.DoesNotContain(_writer.Poisoned.Value, _writer.Written.Keys);
    }

    private static LastSeen Seen(long seq) => new() { SeenAt = DateTimeOffset.UnixEpoch.AddSeconds(seq), Seq = seq };

    private SeenLane CreateLane()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new SeenLane(_writer, new StorageInstruments(meters, new StoreFailures(_time)), _time, NullLogger<SeenLane>.Instance);
    }

    private sealed class ScriptedWriter : ISeenWriter
    {
        private readonly Channel<int> _attempts = Channel.CreateUnbounded<int>();

        public bool IsAway { get; set; }

        public DeviceId? Poisoned { get; set; }

        public ConcurrentDictionary<DeviceId, LastSeen> Written { get; } = new();

        public async Task NextAttemptAsync() => await _attempts.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public BatchFault Classify(Exception exception) => exception is IOException ? BatchFault.Transient : BatchFault.Poisoned;

        public Task WriteAsync(ReadOnlyMemory<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken)
        {
            _attempts.Writer.TryWrite(batch.Length);
            if (IsAway)
            {
                throw new IOException("away");
            }

            KeyValuePair<DeviceId, LastSeen>[] items = [.. batch.Span];
            if (items.Any(item => item.Key == Poisoned))
            {
                throw new InvalidOperationException("poisoned");
            }

            foreach (var (id, seen) in items)
            {
                Written[id] = seen;
            }

            return Task.CompletedTask;
        }
    }
}
