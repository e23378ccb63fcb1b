using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;
using MdmOrleans.Grains.Tests.Deadlines;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Operations;

/// <summary>Operations over fleets, through the real grains and a real database.</summary>
public abstract class OperationTests(ITestDatabase database)
{
    private const string Admin = "key:admin";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waves_follow_each_other_as_the_devices_report_and_the_last_report_completes_it()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "waves", 10);
        var operation = await StartAsync(world, "waves", waves: [10, 100]);

        var first = await AskedAsync(world, fleet);
        await ReportAsync(world, first, CommandStatus.Succeeded);
        var beforeLast = await PulseAsync(world, operation);
        await PulseAsync(world, operation);
        var second = await AskedAsync(world, fleet);
        await ReportAsync(world, second[..8], CommandStatus.Succeeded);
        var waiting = await PulseAsync(world, operation);
        await ReportAsync(world, second[8..], CommandStatus.Rejected);
        var done = await PulseAsync(world, operation);

        Assert.Single(first);
        Assert.Equal(WaveRules.PlaceOf(operation.Value, first[0].Device.Name), fleet.Min(device => WaveRules.PlaceOf(operation.Value, device.Name)));
        Assert.Equal(1, beforeLast.Tally.Statuses[CommandStatus.Succeeded]);
        Assert.Equal(9, second.Length);
        Assert.Equal((OperationStatus.Running, 9, 1), (waiting.Status, waiting.Tally.Final, waiting.Tally.Statuses[CommandStatus.Queued]));
        Assert.Equal((OperationStatus.Completed, 10, 1), (done.Status, done.Tally.Final, done.Tally.Failed));
    }

    [Fact]
    public async Task It_stops_by_itself_when_devices_fail_and_goes_on_when_a_person_says_so()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "stops", 10);
        var operation = await StartAsync(world, "stops", waves: [50, 100], maxFailurePercent: 20);
        var first = await AskedAsync(world, fleet);

        await ReportAsync(world, first[..1], CommandStatus.Failed);
        var within = await PulseAsync(world, operation);
        await ReportAsync(world, first[1..2], CommandStatus.Rejected);
        var stopped = await PulseAsync(world, operation);
        await ReportAsync(world, first[2..], CommandStatus.Succeeded);
        await PulseAsync(world, operation);
        var none = await AskedAsync(world, fleet);
        await Grain(world, operation).ResumeAsync("key:other", Cancellation);
        await PulseAsync(world, operation);
        await PulseAsync(world, operation);

        Assert.Equal((OperationStatus.Running, OperationStatus.Stopped), (within.Status, stopped.Status));
        Assert.Empty(none);
        Assert.Equal(5, (await AskedAsync(world, fleet)).Length);
        var steps = (await Grain(world, operation).ReadAsync(Cancellation))!.Steps;
        Assert.Equal(["started key:admin", "stopped rule:waves", "resumed key:other"], steps.Select(step => $"{step.Kind} {step.Actor}"));
    }

    [Fact]
    public async Task A_device_that_becomes_noncompliant_after_it_was_asked_counts_as_failed()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("falls", Hosting.Given.APolicyThatAsksFor("16"));
        var before = await world.CreateDeviceAsync("falls/before");
        var after = await world.CreateDeviceAsync("falls/after");
        await world.CheckInAsync(before, "15.0");
        await world.CheckInAsync(after, "16.0");
        var operation = await StartAsync(world, "falls", waves: [100], maxFailurePercent: 49);
        await PulseAsync(world, operation);

        await world.PassAsync(TimeSpan.FromSeconds(1));
        await world.CheckInAsync(after, "15.0");
        var stopped = await PulseAsync(world, operation);

        Assert.Equal((OperationStatus.Stopped, 1), (stopped.Status, stopped.Tally.NewlyNoncompliant));
    }

    [Fact]
    public async Task No_more_are_asked_than_the_rate_allows_and_it_can_be_changed_on_the_way()
    {
        await using var world = await World.StartAsync(database);
        await AFleetAsync(world, "rate", 30);
        var operation = await StartAsync(world, "rate", waves: [100], rate: 3);

        var first = await PulseAsync(world, operation);
        var same = await PulseAsync(world, operation);
        var second = await PulseAsync(world, operation, TimeSpan.FromSeconds(1));
        await Grain(world, operation).AdjustAsync(new OperationChange(10, false, null), Admin, Cancellation);
        var faster = await PulseAsync(world, operation, TimeSpan.FromSeconds(1));

        Assert.Equal([3, 3, 6, 16], new[] { first, same, second, faster }.Select(o => o.Tally.Asked));
    }

    [Fact]
    public async Task A_paused_one_asks_nobody_and_keeps_what_was_queued()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "paused", 10);
        var operation = await StartAsync(world, "paused", waves: [100], rate: 4);
        await PulseAsync(world, operation);

        await Grain(world, operation).PauseAsync(Admin, Cancellation);
        var paused = await PulseAsync(world, operation, TimeSpan.FromMinutes(1));
        var queued = await AskedAsync(world, fleet);
        await ReportAsync(world, queued, CommandStatus.Succeeded);
        var heard = await PulseAsync(world, operation);
        await Grain(world, operation).ResumeAsync(Admin, Cancellation);
        var resumed = await PulseAsync(world, operation, TimeSpan.FromSeconds(1));

        Assert.Equal((4, 4), (paused.Tally.Asked, queued.Length));
        Assert.True(resumed.Tally.Asked > 4);
        Assert.Equal(4, heard.Tally.Statuses[CommandStatus.Succeeded]);
    }

    [Fact]
    public async Task Cancel_takes_back_what_was_not_sent_and_leaves_alone_what_others_asked_for()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "cancel", 3);
        var theirs = await QueueAsync(world, fleet[0], CommandKind.CheckInNow);
        var operation = await StartAsync(world, "cancel", waves: [100], kind: CommandKind.CheckInNow);
        var own = (await AskedAsync(world, fleet)).Where(asked => asked.Command.Id != theirs).ToArray();
        await SendAsync(world, own[0]);

        await Grain(world, operation).CancelAsync("key:other", Cancellation);
        var canceled = await PulseAsync(world, operation);

        Assert.Equal(OperationStatus.Canceled, canceled.Status);
        Assert.Equal(CommandStatus.Queued, (await FindAsync(world, fleet[0], theirs)).Status);
        Assert.Equal(CommandStatus.Sent, (await FindAsync(world, own[0].Device, own[0].Command.Id)).Status);
        Assert.Equal(CommandStatus.Canceled, (await FindAsync(world, own[1].Device, own[1].Command.Id)).Status);
        Assert.Equal("operation_settled", (await Grain(world, operation).ResumeAsync(Admin, Cancellation)).Problem?.Code);
    }

    [Fact]
    public async Task A_restart_in_the_middle_loses_nobody_and_asks_nobody_twice()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "restart", 20);
        var operation = await StartAsync(world, "restart", waves: [100], rate: 5);
        await PulseAsync(world, operation, TimeSpan.FromSeconds(1));
        await ReportAsync(world, (await AskedAsync(world, fleet))[..3], CommandStatus.Succeeded);

        await world.DownAsync();
        await world.UpAsync();
        for (var second = 0; second < 10; second++)
        {
            await PulseAsync(world, operation, TimeSpan.FromSeconds(1));
        }

        await ReportAsync(world, await AskedAsync(world, fleet), CommandStatus.Succeeded);
        var done = await PulseAsync(world, operation);
        Assert.Equal((OperationStatus.Completed, 20), (done.Status, done.Tally.Statuses[CommandStatus.Succeeded]));
        foreach (var device in fleet)
        {
            var history = await world.HistoryAsync(device);
            var queued = Assert.Single(history, e => e.Kind == "commandQueued");
            Assert.Equal((Admin, $"operation {operation.Value}"), (queued.Actor, queued.Reason));
        }
    }

    [Fact]
    public async Task A_device_that_cannot_be_written_holds_up_nobody_and_has_failed_in_the_end()
    {
        WatchedStore? store = null;
        await using var world = await World.StartAsync(database, services => Watch(services, out store));
        var fleet = await AFleetAsync(world, "poisoned", 5);
        store!.Refused[fleet[2]] = 0;

        var operation = await StartAsync(world, "poisoned", waves: [100]);
        var asked = await AskedAsync(world, fleet);
        for (var second = 0; second < 300; second++)
        {
            await PulseAsync(world, operation, TimeSpan.FromSeconds(1));
        }

        await ReportAsync(world, asked, CommandStatus.Succeeded);
        var done = await PulseAsync(world, operation);
        Assert.Equal(4, asked.Length);
        Assert.Equal((OperationStatus.Completed, 4, 1), (done.Status, done.Tally.Statuses[CommandStatus.Succeeded], done.Tally.Refusals["unreachable"]));
        Assert.Equal(1, done.Tally.Failed);
        Assert.Equal(OperationDeviceRules.MaxTries, store.Refused[fleet[2]]);
    }

    [Fact]
    public async Task A_device_that_does_not_answer_is_not_waited_for_and_counts_when_it_does()
    {
        WatchedStore? store = null;
        await using var world = await World.StartAsync(database, services => Watch(services, out store));
        var fleet = await AFleetAsync(world, "hangs", 5);
        var release = new TaskCompletionSource();
        store!.Held[fleet[2]] = release.Task;

        var starting = StartAsync(world, "hangs", waves: [100]);
        while (await Task.WhenAny(starting, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation)) != starting)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1)); // nobody tells when its patience begins
        }

        var without = await PulseAsync(world, await starting);
        release.SetResult();
        Operation with;
        do
        {
            with = await PulseAsync(world, await starting, TimeSpan.FromSeconds(1));
        }
        while (with.Tally.Asked < 5);

        Assert.Equal((4, 5), (without.Tally.Statuses[CommandStatus.Queued], with.Tally.Statuses[CommandStatus.Queued]));
    }

    [Fact]
    public async Task Wipes_of_a_fleet_pass_the_governor_one_by_one()
    {
        await using var world = await World.StartAsync(database);
        await AFleetAsync(world, "wipes", 30);

        var operation = await StartAsync(world, "wipes", waves: [100], kind: CommandKind.Wipe);
        var asked = await PulseAsync(world, operation);

        Assert.Equal((1, 29), (asked.Tally.Statuses[CommandStatus.Queued], asked.Tally.Statuses[CommandStatus.OnHold]));
    }

    [Fact]
    public async Task A_retired_device_is_refused_and_is_no_failure()
    {
        await using var world = await World.StartAsync(database);
        var fleet = await AFleetAsync(world, "refused", 2);
        await world.Twin(fleet[0]).TransitionAsync(new(Core.Lifecycle.LifecycleState.Retired, Core.Lifecycle.TransitionReason.Disposed, null, Admin), Cancellation);

        var operation = await StartAsync(world, "refused", waves: [100], maxFailurePercent: 0);
        var asked = await PulseAsync(world, operation);

        Assert.Equal((OperationStatus.Running, 1, 0), (asked.Status, asked.Tally.Refusals["device_retired"], asked.Tally.Failed));
    }

    [Fact]
    public async Task Sixteen_may_be_under_way_and_one_that_ends_makes_room()
    {
        await using var world = await World.StartAsync(database);
        await AFleetAsync(world, "many", 1);
        var operations = new List<OperationId>();
        for (var i = 0; i < 16; i++)
        {
            operations.Add(await AcceptAsync(world, "many"));
        }

        var refused = await Directory(world, "many").StartAsync(ARequest(), idempotencyKey: null, Cancellation);
        await Grain(world, operations[7]).CancelAsync(Admin, Cancellation);
        await Grain(world, operations[7]).PulseAsync(Cancellation);

        Assert.Equal("too_many_operations", refused.Problem?.Code);
        await AcceptAsync(world, "many");
    }

    [Fact]
    public async Task The_same_key_is_the_same_operation_also_when_its_rate_has_been_changed()
    {
        await using var world = await World.StartAsync(database);
        await AFleetAsync(world, "keys", 1);
        var request = ARequest() with { Filter = new DeviceFilter { Names = ["tablet-0"] } };

        var first = await Directory(world, "keys").StartAsync(request, "order-66", Cancellation);
        await Grain(world, first.Value!.Id).AdjustAsync(new OperationChange(7, true, 5), Admin, Cancellation);
        var again = await Directory(world, "keys").StartAsync(request with { Filter = new DeviceFilter { Names = ["tablet-0"] } }, "order-66", Cancellation);
        var other = await Directory(world, "keys").StartAsync(request with { Filter = new DeviceFilter() }, "order-66", Cancellation);

        Assert.Equal(first.Value.Id, again.Value!.Id);
        Assert.Equal("idempotency_key_reused", other.Problem?.Code);
        Assert.Single(await Directory(world, "keys").ListAsync(Cancellation));
    }

    [Fact]
    public async Task A_thousand_are_kept_and_then_the_oldest_is_forgotten()
    {
        await using var world = await World.StartAsync(database);
        await AFleetAsync(world, "kept", 0);
        var first = await StartAsync(world, "kept", waves: [100]);
        for (var i = 0; i < 999; i++)
        {
            await StartAsync(world, "kept", waves: [100]);
        }

        var before = await Grain(world, first).ReadAsync(Cancellation);
        await AcceptAsync(world, "kept");

        Assert.Equal(OperationStatus.Completed, before!.Status);
        Assert.Null(await Grain(world, first).ReadAsync(Cancellation));
        Assert.Equal(1000, (await Directory(world, "kept").ListAsync(Cancellation)).Length);
    }

    private static void Watch(IServiceCollection services, out WatchedStore store)
    {
        var inner = (IDeviceStore)services.Last(service => service.ServiceType == typeof(IDeviceStore)).ImplementationInstance!; // the world adds one
        services.AddSingleton<IDeviceStore>(store = new WatchedStore(inner));
    }

    private static async Task<DeviceId[]> AFleetAsync(World world, string tenant, int devices)
    {
        await world.PutTenantAsync(tenant, null);
        var fleet = new DeviceId[devices];
        for (var i = 0; i < devices; i++)
        {
            fleet[i] = await world.CreateDeviceAsync($"{tenant}/tablet-{i}");
        }

        return fleet;
    }

    private static OperationRequest ARequest(CommandKind kind = CommandKind.Message) => new()
    {
        Command = new CommandRequest { Kind = kind, Parameters = Utf8Block.FromText("{}"), Actor = Admin },
        Filter = new DeviceFilter(),
    };

    private static IOperationDirectory Directory(World world, string tenant) => world.Grains.GetGrain<IOperationDirectory>(tenant);

    private static async Task<OperationId> AcceptAsync(World world, string tenant, OperationRequest? request = null)
    {
        var outcome = await Directory(world, tenant).StartAsync(request ?? ARequest(), idempotencyKey: null, Cancellation);
        Assert.Null(outcome.Problem);
        return outcome.Value!.Id; // there is one or the other
    }

    /// <summary>Its devices are found, and the first are asked.</summary>
    private static async Task<OperationId> StartAsync(
        World world, string tenant, int[] waves, double? maxFailurePercent = null, int rate = 1000, CommandKind kind = CommandKind.Message)
    {
        var request = ARequest(kind) with { Waves = [.. waves], MaxFailurePercent = maxFailurePercent, RatePerSecond = rate };
        var id = await AcceptAsync(world, tenant, request);
        await Grain(world, id).PulseAsync(Cancellation); // finds
        await Grain(world, id).PulseAsync(Cancellation); // asks
        return id;
    }

    private static async Task<Operation> PulseAsync(World world, OperationId id, TimeSpan passed = default)
    {
        world.Time.Advance(passed);
        await Grain(world, id).PulseAsync(Cancellation);
        return (await Grain(world, id).ReadAsync(Cancellation))!; // it was accepted
    }

    /// <summary>The commands that wait for devices and are not final.</summary>
    private static async Task<(DeviceId Device, DeviceCommand Command)[]> AskedAsync(World world, DeviceId[] fleet)
    {
        var asked = new List<(DeviceId, DeviceCommand)>();
        foreach (var device in fleet)
        {
            var queue = (await Commands(world, device).ListAsync(Cancellation)).Value!; // it was created
            asked.AddRange(queue.Pending.Select(command => (device, command)));
        }

        return [.. asked];
    }

    private static async Task ReportAsync(World world, IEnumerable<(DeviceId Device, DeviceCommand Command)> asked, CommandStatus status)
    {
        foreach (var (device, command) in asked)
        {
            Assert.Null(await Commands(world, device).ReportAsync(new CommandReport { Id = command.Id, Status = status, Epoch = 1 }, Cancellation));
        }
    }

    private static async Task SendAsync(World world, (DeviceId Device, DeviceCommand Command) asked) =>
        Assert.Null(await Commands(world, asked.Device).MarkSentAsync([asked.Command.Id], new SessionEpoch(1, 1), Cancellation));

    private static async Task<Guid> QueueAsync(World world, DeviceId device, CommandKind kind) =>
        (await Commands(world, device).EnqueueAsync(ARequest(kind).Command, Cancellation)).Value!.Command.Id; // there is room

    private static async Task<DeviceCommand> FindAsync(World world, DeviceId device, Guid command)
    {
        var queue = (await Commands(world, device).ListAsync(Cancellation)).Value!; // it was created
        return queue.Pending.Concat(queue.Finished).Single(c => c.Id == command);
    }

    private static IDeviceCommands Commands(World world, DeviceId device) => world.Grains.GetGrain<IDeviceCommands>(device.ToString());

    private static IOperationGrain Grain(World world, OperationId id) => world.Grains.GetGrain<IOperationGrain>(id.ToString());
}

public sealed class SqliteOperationTests(SqliteDatabase database) : OperationTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresOperationTests(PostgresDatabase database) : OperationTests(database), IClassFixture<PostgresDatabase>;
