using System.Diagnostics.Metrics;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Time.Testing;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What a storage promises over the life of a process and the next one. Derived once per database.</summary>
public abstract class StorageLifetimeConformance(ITestDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_accepted_before_the_shutdown_is_stored_by_it()
    {
        var host = await StorageHost.StartAsync(database, TimeProvider.System);
        var devices = Enumerable.Range(0, 3000).Select(i => ADevice($"drain/tablet-{i}")).ToArray();

        var saves = devices.Select(device => host.Store.SaveAsync(null, device, [AnEvent(1)], Cancellation).AsTask()).ToArray();
        await host.DisposeAsync();

        Assert.All(await Task.WhenAll(saves), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        await using var next = await StorageHost.StartAsync(database, TimeProvider.System);
        Assert.Equal(3000, (await next.Queries.SummarizeAsync(TenantId.Parse("drain"), new DeviceFilter(), Now, Cancellation)).Devices);
    }

    [Fact]
    public async Task What_comes_after_the_shutdown_is_refused_and_not_forgotten()
    {
        var host = await StorageHost.StartAsync(database, TimeProvider.System);
        var store = host.Store;
        await host.DisposeAsync();

        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await store.SaveAsync(null, ADevice("late/tablet"), None, Cancellation));
    }

    [Fact]
    public async Task A_touch_is_seen_at_once()
    {
        await using var host = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        var device = await SaveAsync(host, "touch/at-once");

        host.Store.TryTouch(device.Id, new LastSeen { SeenAt = Now.AddMinutes(1), CheckInAt = Now.AddMinutes(1), Boot = "b2", Seq = 99 });

        var seen = (await host.Store.FindAsync(device.Id, Cancellation))!.Seen!;
        Assert.Equal((Now.AddMinutes(1), "b2", 99), (seen.SeenAt, seen.Boot, seen.Seq));
    }

    [Fact]
    public async Task A_touch_is_stored_within_five_seconds()
    {
        var time = new FakeTimeProvider(Now);
        await using var host = await StorageHost.StartAsync(database, time);
        var device = await SaveAsync(host, "touch/in-time");
        using var flushes = new Flushes();

        host.Store.TryTouch(device.Id, new LastSeen { SeenAt = Now.AddMinutes(1), Seq = 99 });
        time.Advance(TimeSpan.FromSeconds(5));

        await flushes.First.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_touch_survives_the_shutdown()
    {
        var host = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        var device = await SaveAsync(host, "touch/survives");
        host.Store.TryTouch(device.Id, new LastSeen { SeenAt = Now.AddMinutes(1), Boot = "b2", Seq = 99, DeviceClock = Now.AddYears(-30) });

        await host.DisposeAsync();

        await using var next = await StorageHost.StartAsync(database, TimeProvider.System);
        var seen = (await next.Store.FindAsync(device.Id, Cancellation))!.Seen!;
        Assert.Equal(Now.AddMinutes(1), seen.SeenAt, TimeSpan.FromMicroseconds(1));
        Assert.Equal(("b2", 99), (seen.Boot, seen.Seq));
    }

    [Fact]
    public async Task An_older_touch_never_overwrites_a_newer_one()
    {
        foreach (var minutes in new[] { 5, 3 })
        {
            await using var host = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
            await SaveAsync(host, "touch/older");
            host.Store.TryTouch(DeviceId.Parse("touch/older"), new LastSeen { SeenAt = Now.AddMinutes(minutes), Seq = minutes });
        }

        await using var last = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        Assert.Equal(5, (await last.Store.FindAsync(DeviceId.Parse("touch/older"), Cancellation))!.Seen!.Seq);
    }

    [Fact]
    public async Task A_touch_older_than_the_twin_is_nothing_new()
    {
        await using var host = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        var device = await SaveAsync(host, "touch/known");

        host.Store.TryTouch(device.Id, new LastSeen { SeenAt = Now.AddSeconds(-1), Seq = 3 });

        Assert.Equal(17, (await host.Store.FindAsync(device.Id, Cancellation))!.Seen!.Seq);
    }

    [Fact]
    public async Task A_touch_does_not_outlive_its_device()
    {
        var host = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        var device = await SaveAsync(host, "touch/reborn");
        await host.Store.DeleteAsync(device, ADeletion(device), Cancellation);
        host.Store.TryTouch(device.Id, new LastSeen { SeenAt = Now.AddMinutes(1), Seq = 99 });
        await host.DisposeAsync();

        await using var next = await StorageHost.StartAsync(database, new FakeTimeProvider(Now));
        await next.Store.SaveAsync(null, device with { CreatedAt = Now.AddHours(1), Seen = null }, None, Cancellation);

        Assert.Null((await next.Store.FindAsync(device.Id, Cancellation))!.Seen);
    }

    private static async Task<Device> SaveAsync(StorageHost host, string id)
    {
        var device = ADevice(id);
        await host.Store.SaveAsync(null, device, None, Cancellation);
        return device;
    }

    /// <summary>Listens to the metrics for the first write of last-seen times.</summary>
    private sealed class Flushes : IDisposable
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MeterListener _listener = new();

        public Flushes()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "mdm.storage.batch.size")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((_, _, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("store", "seen")))
                {
                    _first.TrySetResult();
                }
            });
            _listener.Start();
        }

        public Task First => _first.Task;

        public void Dispose() => _listener.Dispose();
    }
}

public sealed class PostgresStorageLifetimeTests(PostgresDatabase database) : StorageLifetimeConformance(database),
    IClassFixture<PostgresDatabase>;

public sealed class SqliteStorageLifetimeTests(SqliteDatabase database) : StorageLifetimeConformance(database),
    IClassFixture<SqliteDatabase>;
