using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IDeviceStore"/> promises. Derived once per database.</summary>
public abstract class DeviceStoreConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly Serializer<Device> Serializer =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<Device>>();

    private StorageHost _host = null!; // set in InitializeAsync

    protected ITestDatabase Database => database;

    protected IDeviceStore Store => _host.Store;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StorageHost.StartAsync(database, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_device_that_was_never_saved_is_not_found()
    {
        Assert.Null(await Store.FindAsync(DeviceId.Parse("acme/nobody"), Cancellation));
    }

    [Fact]
    public async Task A_device_comes_back_as_it_was_saved()
    {
        var device = ADeviceWithEverything("acme/round-trip");

        await Store.SaveAsync(null, device, None, Cancellation);

        var found = await Store.FindAsync(device.Id, Cancellation);
        Assert.Equal(Bytes(device with { Posture = found!.Posture }), Bytes(found));
        AssertSame(device.Posture!, found.Posture!);
        Assert.Equal(device.Labels, found.Labels);
        Assert.Equal(device.Commands, found.Commands);
    }

    [Fact]
    public async Task A_device_of_which_nothing_is_known_comes_back_as_it_was_saved()
    {
        var device = ADevice("acme/bare") with
        {
            Posture = null,
            Seen = null,
            NextDueAt = null,
            Token = null,
            Compliance = ComplianceState.Initial,
        };

        await Store.SaveAsync(null, device, None, Cancellation);

        var found = await Store.FindAsync(device.Id, Cancellation);
        Assert.Equal(Bytes(device), Bytes(found));
        Assert.Equal(device.Commands, found!.Commands);
    }

    [Theory]
    [InlineData("""{ "n" : 1e300, "n2":1.10, "n3": -1E-300 }""")]
    [InlineData("""{"a":{"b":[]},"ü":"\ud83d\ude00", "longer":"\\u0000", "":null}""")]
    public async Task Attributes_come_back_with_the_same_values(string said)
    {
        var device = ADevice($"acme/said-{said.Length}");
        device = device with { Posture = device.Posture! with { Attributes = Utf8Block.FromText(said), Serial = "nul \0" } };

        await Store.SaveAsync(null, device, None, Cancellation);

        AssertSame(device.Posture!, (await Store.FindAsync(device.Id, Cancellation))!.Posture!);
    }

    [Fact]
    public async Task Attributes_that_a_loaded_twin_is_sent_again_are_no_change()
    {
        var sent = ADevice("acme/again").Posture!;
        var device = ADevice("acme/again") with { Posture = sent.Over(null) };
        await Store.SaveAsync(null, device, None, Cancellation);

        var loaded = (await Store.FindAsync(device.Id, Cancellation))!.Posture!;

        Assert.Same(loaded, sent.Over(loaded));
        Assert.NotSame(loaded, (sent with { Attributes = Utf8Block.FromText("""{ "battery": 87 }""") }).Over(loaded));
    }

    [Fact]
    public async Task Attributes_are_searched_with_SQL_and_only_those_that_hold_now()
    {
        var device = ADevice("acme/searched");
        await Store.SaveAsync(null, device, None, Cancellation);
        await Store.SaveAsync(null, ADevice("acme/other") with { Posture = device.Posture! with { Attributes = Utf8Block.FromText("""{"vpn":{"state":"down"}}""") } }, None, Cancellation);
        await Store.SaveAsync(null, ADevice("acme/silent") with { Posture = device.Posture! with { Attributes = default } }, None, Cancellation);
        await database.ExecuteAsync($"UPDATE devices SET serial = 'found' WHERE tenant = 'acme' AND device IN ('searched', 'other', 'silent') AND {VpnIsUp}");

        var found = await _host.Queries.ListNamesAsync(device.Id.Tenant, new DeviceFilter { Serial = "found" }, null, 10, Cancellation);

        Assert.Equal(["searched"], found);
    }

    /// <summary>In SQL.</summary>
    protected abstract string VpnIsUp { get; }

    [Fact]
    public async Task What_did_not_change_is_still_there_after_an_update()
    {
        var device = ADeviceWithEverything("acme/kept");
        await Store.SaveAsync(null, device, None, Cancellation);

        var next = device.Next();
        await Store.SaveAsync(device, next, None, Cancellation);

        var found = await Store.FindAsync(device.Id, Cancellation);
        AssertSame(device.Posture!, found!.Posture!);
        Assert.Equal(device.Labels, found.Labels);
        Assert.Equal(device.Commands, found.Commands);
        Assert.Equal(next.Seen, found.Seen);
    }

    [Fact]
    public async Task A_command_that_has_finished_since_is_there_beside_those_before()
    {
        var device = ADeviceWithEverything("acme/finished");
        await Store.SaveAsync(null, device, None, Cancellation);
        var done = device.Commands.Pending.Single() with { Status = CommandStatus.Failed };
        var next = device.Next() with { Commands = new CommandQueue { Finished = device.Commands.Finished.Insert(0, done) } };

        await Store.SaveAsync(device, next, None, Cancellation);

        Assert.Equal(next.Commands, (await Store.FindAsync(device.Id, Cancellation))!.Commands);
    }

    [Fact]
    public async Task What_was_taken_away_does_not_come_back()
    {
        var device = ADeviceWithEverything("acme/taken");
        await Store.SaveAsync(null, device, None, Cancellation);
        var bare = device.Next() with { Posture = null, Labels = device.Labels.Clear(), Commands = CommandQueue.Empty };
        await Store.SaveAsync(device, bare, None, Cancellation);

        var again = bare.Next() with { Posture = device.Posture! with { Apps = default, Attributes = default } };
        await Store.SaveAsync(bare, again, None, Cancellation);

        var found = await Store.FindAsync(device.Id, Cancellation);
        Assert.Empty(found!.Labels);
        Assert.True(found.Posture!.Apps.IsAbsent);
        Assert.True(found.Posture.Attributes.IsAbsent);
        Assert.Empty(found.Commands.Finished);
    }

    [Fact]
    public async Task Of_two_writers_from_one_version_only_the_first_is_saved()
    {
        var device = ADevice("acme/first-wins");
        await Store.SaveAsync(null, device, None, Cancellation);

        var first = await Store.SaveAsync(device, device.Next() with { Owner = "first" }, [AnEvent(1)], Cancellation);
        var second = await Store.SaveAsync(device, device.Next() with { Owner = "second" }, [AnEvent(2)], Cancellation);

        Assert.Equal(SaveOutcome.Saved, first);
        Assert.Equal(SaveOutcome.Conflict, second);
        Assert.Equal("first", (await Store.FindAsync(device.Id, Cancellation))!.Owner);
        Assert.Equal([1], await NumbersAsync(device.Id));
    }

    [Fact]
    public async Task Of_many_writers_from_one_version_exactly_one_is_saved_with_its_events()
    {
        var device = ADevice("acme/storm");
        await Store.SaveAsync(null, device, None, Cancellation);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(
            i => Store.SaveAsync(device, device.Next() with { Owner = $"{i}" }, [AnEvent(i)], Cancellation).AsTask()));

        Assert.Single(outcomes, SaveOutcome.Saved);
        var winner = Array.IndexOf(outcomes, SaveOutcome.Saved) + 1;
        Assert.Equal($"{winner}", (await Store.FindAsync(device.Id, Cancellation))!.Owner);
        Assert.Equal([winner], await NumbersAsync(device.Id));
    }

    [Fact]
    public async Task Of_two_creators_only_the_first_is_saved()
    {
        var device = ADevice("acme/created-twice");

        var first = await Store.SaveAsync(null, device with { Owner = "first" }, [AnEvent(1)], Cancellation);
        var second = await Store.SaveAsync(null, device with { Owner = "second" }, [AnEvent(2)], Cancellation);

        Assert.Equal(SaveOutcome.Saved, first);
        Assert.Equal(SaveOutcome.Conflict, second);
        Assert.Equal("first", (await Store.FindAsync(device.Id, Cancellation))!.Owner);
        Assert.Equal([1], await NumbersAsync(device.Id));
    }

    [Fact]
    public async Task An_update_of_what_does_not_exist_is_a_conflict()
    {
        var device = ADevice("acme/never-there");

        Assert.Equal(SaveOutcome.Conflict, await Store.SaveAsync(device, device.Next(), [AnEvent(1)], Cancellation));
        Assert.Null(await Store.FindAsync(device.Id, Cancellation));
        Assert.Empty(await NumbersAsync(device.Id));
    }

    [Fact]
    public async Task Writes_of_one_device_keep_their_order_even_when_nobody_waits()
    {
        var versions = new List<Device> { ADevice("acme/in-order") };
        while (versions.Count < 40)
        {
            versions.Add(versions[^1].Next());
        }

        var outcomes = await Task.WhenAll(versions.Select(
            (device, i) => Store.SaveAsync(i == 0 ? null : versions[i - 1], device, [AnEvent(device.Version)], Cancellation).AsTask()));

        Assert.All(outcomes, outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.Equal(40, (await Store.FindAsync(versions[0].Id, Cancellation))!.Version);
        Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), await NumbersAsync(versions[0].Id));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_recognized_when_it_is_tried_again()
    {
        var (mine, theirs) = (ADevice("acme/lost-answer"), ADevice("acme/lost-race"));
        DeviceWrite[] batch = [new(null, mine, [AnEvent(1)]), new(null, theirs, [AnEvent(1)])];
        await Store.SaveAsync(null, theirs with { Owner = "somebody else" }, [AnEvent(1)], Cancellation);
        var outcomes = new SaveOutcome[2];
        await _host.Batches.ProcessAsync(batch, outcomes, isRetry: false, Cancellation);

        await _host.Batches.ProcessAsync(batch, outcomes, isRetry: true, Cancellation);

        Assert.Equal([SaveOutcome.Saved, SaveOutcome.Conflict], outcomes);
        Assert.Equal([1], await NumbersAsync(mine.Id));
    }

    [Fact]
    public async Task A_row_that_cannot_be_stored_fails_alone()
    {
        var devices = Enumerable.Range(0, 600).Select(i => ADevice($"acme/crowd-{i}")).ToArray();

        var saves = devices.Select((device, i) =>
            Store.SaveAsync(null, device, i == 321 ? [AnEvent(1), AnImpossibleEvent()] : [AnEvent(1)], Cancellation).AsTask()).ToArray();
        await Task.WhenAll(saves).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([321], saves.Index().Where(save => save.Item.IsFaulted).Select(save => save.Index));
        Assert.Null(await Store.FindAsync(devices[321].Id, Cancellation));
        Assert.Empty(await NumbersAsync(devices[321].Id));
        Assert.NotNull(await Store.FindAsync(devices[320].Id, Cancellation));
    }

    [Fact]
    public async Task An_event_comes_back_as_it_was_appended()
    {
        var device = ADevice("acme/history");
        var bare = AnEvent(3) with { Policy = null, Reason = null, From = null, To = null };
        var events = ImmutableArray.Create(AnEvent(1), AnEvent(2), bare);

        await Store.SaveAsync(null, device, events, Cancellation);

        var found = await _host.Queries.ReadEventsAsync(device.Id, 0, 100, Cancellation);
        Assert.Equal(events.Select(Json), found.Select(Json));
        Assert.Equal(events[0].Detail, found[0].Detail);
    }

    [Fact]
    public async Task Many_readers_at_once_each_get_their_own_device()
    {
        var devices = Enumerable.Range(0, 300).Select(i => ADevice($"globex/reader-{i}") with { Owner = $"{i}" }).ToArray();
        await Task.WhenAll(devices.Select(device => Store.SaveAsync(null, device, None, Cancellation).AsTask()));

        var found = await Task.WhenAll(devices.Select(device => Store.FindAsync(device.Id, Cancellation).AsTask()));

        Assert.Equal(devices.Select(device => device.Owner), found.Select(device => device!.Owner));
    }

    [Fact]
    public async Task A_device_is_deleted_with_its_history_at_its_version_only()
    {
        var device = ADevice("acme/deleted");
        await Store.SaveAsync(null, device, [AnEvent(1)], Cancellation);
        var next = device.Next();
        await Store.SaveAsync(device, next, [AnEvent(2)], Cancellation);

        Assert.Equal(SaveOutcome.Conflict, await Store.DeleteAsync(device, ADeletion(device), Cancellation));
        Assert.Equal([1, 2], await NumbersAsync(device.Id));

        Assert.Equal(SaveOutcome.Saved, await Store.DeleteAsync(next, ADeletion(next), Cancellation));
        Assert.Null(await Store.FindAsync(device.Id, Cancellation));
        Assert.Empty(await NumbersAsync(device.Id));
    }

    private static string Json(DeviceEvent @event) => JsonSerializer.Serialize(@event, StorageJson.Default.DeviceEvent);

    /// <summary>Two devices with equal bytes are equal in everything.</summary>
    /// <summary>But for the commands: one string that two blocks share is one object before, and two when they are read.</summary>
    private static string Bytes(Device? device) => Convert.ToHexString(Serializer.SerializeToArray(device! with { Commands = CommandQueue.Empty }));

    private async Task<IEnumerable<long>> NumbersAsync(DeviceId id) =>
        (await _host.Queries.ReadEventsAsync(id, 0, 1000, Cancellation)).Select(@event => @event.Number);
}

public sealed class PostgresDeviceStoreTests(PostgresDatabase database) : DeviceStoreConformance(database), IClassFixture<PostgresDatabase>
{
    protected override string VpnIsUp => """attributes @> '{"vpn": {"state": "up"}}'""";
}

public sealed class SqliteDeviceStoreTests(SqliteDatabase database) : DeviceStoreConformance(database), IClassFixture<SqliteDatabase>
{
    protected override string VpnIsUp => "attributes ->> '$.vpn.state' = 'up'";
}
