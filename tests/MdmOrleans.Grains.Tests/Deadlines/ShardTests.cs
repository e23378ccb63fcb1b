using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Deadlines;

public sealed class ShardTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Policy =
        """
        { "name": "Baseline", "graceHours": 1, "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } } ],
          "onNoncompliance": [ { "afterHours": 0.005, "action": "notify" } ] }
        """;

    private WatchedStore _store = null!; // made with each world
    private IDueDevices _due = null!; // as the store

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instant_that_comes_closer_than_the_horizon_is_met_without_another_look()
    {
        await using var world = await StartAsync(new BlindDue());
        await world.CreateTenantAsync("sooner", Policy);
        var device = await world.CreateDeviceAsync("sooner/device");
        var stepTaken = StepTakenAsync(world, device);
        await world.CheckInAsync(device, "15.0");

        world.Time.Advance(TimeSpan.FromSeconds(18));

        var twin = await stepTaken;
        Assert.Equal(["0.005 notify"], twin.Compliance.Ladder!.Taken);
        Assert.Equal(World.Start.AddSeconds(18), (await world.HistoryAsync(device))[^1].RecordedAt);
    }

    [Fact]
    public async Task A_cold_device_acts_on_the_twin_that_its_shard_has_read_and_leaves_memory_again()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("cold", Policy);
        var device = await world.CreateDeviceAsync("cold/device");
        await world.CheckInAsync(device, "15.0");
        await RestartAsync(world);

        await world.PassAsync(TimeSpan.FromMinutes(61));

        Assert.Equal(0, _store.ReadsOf(device));
        await world.ForgottenAsync(device);
        Assert.Equal(ComplianceStatus.Noncompliant, (await world.ReadAsync(device)).Compliance.Status);
    }

    [Fact]
    public async Task A_cold_device_for_which_only_time_has_passed_is_not_woken_and_its_times_are_stored()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("asleep", Policy);
        var device = await world.CreateDeviceAsync("asleep/device");
        await world.CheckInAsync(device, "16.1");
        var before = await world.ReadAsync(device);
        await RestartAsync(world);

        await world.PassAsync(TimeSpan.FromHours(24));

        Assert.Equal(0, _store.ReadsOf(device) + _store.WritesOf(device));
        var after = await world.ReadAsync(device);
        Assert.Equal((before.Version, world.Now, before.NextDueAt + TimeSpan.FromDays(1)), (after.Version, after.Compliance.EvaluatedAt, after.NextDueAt));
    }

    [Fact]
    public async Task A_device_that_is_in_memory_learns_of_its_daily_evaluation()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("awake", Policy);
        var device = await world.CreateDeviceAsync("awake/device");
        await world.CheckInAsync(device, "16.1");
        var before = await world.ReadAsync(device);

        await world.PassAsync(TimeSpan.FromHours(24));

        Assert.Equal(1, _store.ReadsOf(device)); // when it was created
        Assert.Equal(before.NextDueAt + TimeSpan.FromDays(1), (await world.ReadAsync(device)).NextDueAt);
    }

    [Fact]
    public async Task A_cold_device_that_was_written_after_its_shard_had_read_it_acts_on_what_is_stored()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("stale", Policy);
        var device = await world.CreateDeviceAsync("stale/device");
        await world.CheckInAsync(device, "16.1");
        var due = (await world.ReadAsync(device)).NextDueAt!.Value;
        await RestartAsync(world);
        await world.PassAsync(due - world.Now - TimeSpan.FromSeconds(10)); // within the horizon
        var before = (await _store.FindAsync(device, Cancellation))!;
        await _store.SaveAsync(before, before with { Version = before.Version + 1, Owner = "another" }, [], Cancellation);

        await world.PassAsync(TimeSpan.FromSeconds(11));

        Assert.Equal(2, _store.ReadsOf(device)); // one of them is this test's
        var after = (await _store.FindAsync(device, Cancellation))!;
        Assert.Equal(("another", due.AddDays(1)), (after.Owner, after.NextDueAt));
    }

    [Fact]
    public async Task A_device_that_came_up_while_it_was_postponed_knows_older_times_and_goes_on()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("behind", Policy);
        var device = await world.CreateDeviceAsync("behind/device");
        await world.CheckInAsync(device, "16.1");
        var stored = (await _store.FindAsync(device, Cancellation))!;
        var due = stored.NextDueAt!.Value;
        await _due.PostponeAsync(stored, stored with { NextDueAt = due.AddDays(1), Compliance = stored.Compliance with { EvaluatedAt = due } }, Cancellation);
        await world.PassAsync(TimeSpan.FromHours(24)); // the device believes that it is due, and the database does not

        await world.CheckInAsync(device, "15.0");

        var twin = (await _store.FindAsync(device, Cancellation))!;
        Assert.Equal((ComplianceStatus.InGracePeriod, world.Now.AddHours(1)), (twin.Compliance.Status, twin.Compliance.GraceEndsAt));
        await world.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(ComplianceStatus.Noncompliant, (await world.ReadAsync(device)).Compliance.Status);
    }

    [Fact]
    public async Task Devices_that_cannot_be_read_do_not_hold_up_their_shard()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("poison", Policy);
        var ids = Enumerable.Range(0, int.MaxValue).Select(i => DeviceId.Parse($"poison/device-{i}")).Where(id => id.Shard == 7).Take(71).ToArray();
        foreach (var id in ids)
        {
            await world.CreateDeviceAsync(id.ToString());
            await world.CheckInAsync(id, "15.0");
        }

        await world.DownAsync();
        await database.ExecuteAsync($"UPDATE devices SET state = x'00' WHERE tenant = 'poison' AND device <> '{ids[^1].Name}'"); // more than a page
        await world.UpAsync();

        await world.PassAsync(TimeSpan.FromMinutes(61));

        Assert.Equal(ComplianceStatus.Noncompliant, (await world.ReadAsync(ids[^1])).Compliance.Status);
    }

    [Fact]
    public async Task A_device_that_cannot_be_stored_stays_due_and_acts_as_of_its_instant_when_it_can()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("refused", Policy);
        var device = await world.CreateDeviceAsync("refused/device");
        await world.CheckInAsync(device, "15.0");
        _store.Refused[device] = 0;
        for (var minute = 0; minute < 70; minute++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_store.Refused[device], 8, 30); // not every second of an hour
        _store.Refused.Clear();
        await world.PassAsync(TimeSpan.FromMinutes(6));

        var history = await world.HistoryAsync(device);
        Assert.Equal(
            [World.Start.AddSeconds(18), World.Start.AddHours(1)],
            history.Where(e => e.Kind == EventKinds.LadderStepTaken || e.To == "noncompliant").Select(e => e.At));
    }

    [Fact]
    public async Task An_activation_that_another_one_outran_gives_way_to_what_is_stored()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("outrun", Policy);
        var device = await world.CreateDeviceAsync("outrun/device");
        await world.CheckInAsync(device, "16.1");
        var twin = (await _store.FindAsync(device, Cancellation))!;
        var request = new CommandRequest { Kind = CommandKind.Locate, Parameters = Utf8Block.FromText("{}"), Actor = "rival", ExpiresIn = TimeSpan.FromMinutes(10) };
        var (decision, _) = CommandRules.Enqueue(twin, request, Guid.CreateVersion7(world.Now), world.Now);
        Assert.Equal(SaveOutcome.Saved, await _store.SaveAsync(twin, decision.Device, decision.Events, Cancellation));

        await world.PassAsync(TimeSpan.FromMinutes(11));
        await world.PassAsync(TimeSpan.FromSeconds(5)); // it is tried again, by the next activation

        Assert.Equal(CommandStatus.Expired, Assert.Single((await world.ReadAsync(device)).Commands.Finished).Status);
    }

    [Fact]
    public async Task A_device_that_was_deleted_is_not_asked_again()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("deleted", Policy);
        var device = await world.CreateDeviceAsync("deleted/device");
        await world.CheckInAsync(device, "15.0");
        await world.SettleAsync();
        var twin = await _store.FindAsync(device, Cancellation);
        await _store.DeleteAsync(twin!, Given.ADeletion(twin!), Cancellation);
        await world.DownAsync();
        await world.UpAsync();

        await world.PassAsync(TimeSpan.FromHours(30));

        Assert.Null(await world.Twin(device).ReadAsync(Cancellation));
    }

    private async Task<World> StartAsync(IDueDevices? due = null) => await World.StartAsync(database, services =>
    {
        var store = (IDeviceStore)services.Last(service => service.ServiceType == typeof(IDeviceStore)).ImplementationInstance!; // the world's own
        _store = new WatchedStore(store);
        services.AddSingleton<IDeviceStore>(_store);
        _due = (IDueDevices)services.Last(service => service.ServiceType == typeof(IDueDevices)).ImplementationInstance!;
        if (due is not null)
        {
            services.AddSingleton(due);
        }
    });

    private static async Task RestartAsync(World world)
    {
        await world.DownAsync();
        await world.UpAsync();
    }

    private async Task<Device> StepTakenAsync(World world, DeviceId device)
    {
        while (true)
        {
            if (await _store.NextWriteAsync(device) is { Compliance.Ladder.Taken: { IsEmpty: false } } twin)
            {
                return twin;
            }
        }
    }

    private sealed class BlindDue : IDueDevices
    {
        public ValueTask<ImmutableArray<DueDevice>> ReadAsync(
            int shard, DateTimeOffset until, DueDevice? after, int limit, CancellationToken cancellationToken) => new([]);

        public ValueTask<SaveOutcome> PostponeAsync(Device before, Device after, CancellationToken cancellationToken) => new(SaveOutcome.Conflict);

        public ValueTask<HasteStep> HastenAsync(Haste haste, string? after, int limit, CancellationToken cancellationToken) => new(default(HasteStep));
    }
}
