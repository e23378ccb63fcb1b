using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.Tests.Deadlines;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Grains.Tests.Commands;

/// <summary>The gate of wipes and retirements, through the real grains and a real database.</summary>
public sealed class GovernorTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly GovernorSettings Wide =
        GovernorSettings.Default with { MaxInWindow = 1000, WindowMinutes = 1, MaxPercent = 100, MaxPerDay = new DailyLimit(1000, 0) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loss_behind_a_wipe_that_has_just_expired_does_not_get_a_second_wipe_past_the_governor()
    {
        await using var world = await World.StartAsync(database);
        await PutTenantAsync(world, "expired", GovernorSettings.Default);
        var device = await world.CreateDeviceAsync("expired/device");
        var commands = world.Grains.GetGrain<IDeviceCommands>(device.ToString());
        Assert.Equal(CommandStatus.Queued, (await WipeAsync(commands, TimeSpan.FromMinutes(1))).Status);
        world.Time.Advance(TimeSpan.FromMinutes(1)); // and the twin has not heard of it yet

        await world.Twin(device).TransitionAsync(new TransitionRequest(LifecycleState.Quarantined, TransitionReason.Lost, null, "key:a"), Cancellation);

        var queue = (await commands.ListAsync(Cancellation)).Value!; // the device is there
        var wipe = Assert.Single(queue.Pending, command => command.Kind == CommandKind.Wipe);
        Assert.Equal((CommandStatus.OnHold, GovernorRules.TooManyOfFleet), (wipe.Status, wipe.Reason));
    }

    [Fact]
    public async Task Devices_that_never_checked_in_are_silent_for_a_month_or_are_retired_do_not_raise_the_share_that_may_be_wiped()
    {
        await using var world = await World.StartAsync(database);
        await PutTenantAsync(world, "dummies", Wide with { MaxPercent = 50 });
        await CheckInAsync(world, "dummies/silent-1", "dummies/silent-2");
        await world.PassAsync(TimeSpan.FromDays(31));
        await CheckInAsync(world, "dummies/real-1", "dummies/real-2");
        await world.CreateDeviceAsync("dummies/dummy-1");
        await world.CreateDeviceAsync("dummies/dummy-2");

        var first = await JudgeAsync(world, "dummies");
        var second = await JudgeAsync(world, "dummies");

        Assert.NotNull(first.Passed);
        Assert.Equal(GovernorRules.TooManyOfFleet, second.Reason);
    }

    [Fact]
    public async Task What_passed_in_a_day_counts_for_a_day_also_when_the_server_was_down_meanwhile()
    {
        await using var world = await World.StartAsync(database);
        await PutTenantAsync(world, "daily", Wide with { MaxPerDay = new DailyLimit(2, 0) });
        Assert.NotNull((await JudgeAsync(world, "daily")).Passed);
        await world.PassAsync(TimeSpan.FromHours(12));
        Assert.NotNull((await JudgeAsync(world, "daily")).Passed);
        await world.DownAsync();
        await world.UpAsync();
        await world.PassAsync(TimeSpan.FromHours(11));

        Assert.Equal(GovernorRules.TooManyInDay, (await JudgeAsync(world, "daily")).Reason);
        await world.PassAsync(TimeSpan.FromMinutes(75));
        Assert.NotNull((await JudgeAsync(world, "daily")).Passed);
    }

    [Fact]
    public async Task What_a_second_person_approves_counts_as_a_pass()
    {
        await using var world = await World.StartAsync(database);
        await PutTenantAsync(world, "approved", Wide with { MaxPerDay = new DailyLimit(1, 0) }, LostWipe.Ask);
        var device = await world.CreateDeviceAsync("approved/device");
        var commands = world.Grains.GetGrain<IDeviceCommands>(device.ToString());
        await world.Twin(device).TransitionAsync(new TransitionRequest(LifecycleState.Quarantined, TransitionReason.Lost, null, "key:a"), Cancellation);
        var hold = (await commands.ListAsync(Cancellation)).Value!.Pending.Single(command => command.Status == CommandStatus.OnHold);
        var keys = world.Grains.GetGrain<IKeyRing>(0);
        await keys.SetAdminAsync(SecretHash.Of("admin"), Cancellation);
        foreach (var name in new[] { "a", "b" })
        {
            var key = new AccessKey(name, KeyRole.Operator, null, SecretHash.Of(name), world.Now.AddDays(-30)) { MadeBy = AccessKey.AdminName };
            Assert.Null(await keys.AddAsync(key, Cancellation));
        }

        var approved = await commands.DecideHoldAsync(hold.Id, isApproved: true, "b", note: null, Cancellation);

        Assert.Equal(CommandStatus.Queued, approved.Value!.Status); // nobody refused
        Assert.Equal(GovernorRules.TooManyInDay, (await JudgeAsync(world, "approved")).Reason);
    }

    [Fact]
    public async Task The_governor_judges_by_what_its_tenant_has_set_a_moment_ago()
    {
        await using var world = await World.StartAsync(database);
        await PutTenantAsync(world, "tightened", Wide);
        Assert.NotNull((await JudgeAsync(world, "tightened")).Passed);

        await PutTenantAsync(world, "tightened", Wide with { Approval = GovernorApproval.TwoPerson });

        Assert.Equal(GovernorRules.ApprovalRequired, (await JudgeAsync(world, "tightened")).Reason);
    }

    private static Task<Judgement> JudgeAsync(World world, string tenant) =>
        world.Grains.GetGrain<IGovernor>(tenant).JudgeAsync(Guid.CreateVersion7(world.Now), Cancellation);

    private static async Task PutTenantAsync(World world, string tenant, GovernorSettings governor, LostWipe lostWipe = LostWipe.Automatic)
    {
        var settings = new TenantSettings { Name = tenant, NoncompliantWithoutPolicy = false, LostWipe = lostWipe, Governor = governor };
        Assert.Null((await world.Grains.GetGrain<ITenantGrain>(tenant).PutAsync(settings, null, "key:test", Cancellation)).Problem);
    }

    private static async Task CheckInAsync(World world, params string[] devices)
    {
        foreach (var device in devices)
        {
            await world.CheckInAsync(await world.CreateDeviceAsync(device), "16.5");
        }
    }

    private static async Task<DeviceCommand> WipeAsync(IDeviceCommands commands, TimeSpan expiresIn)
    {
        var request = new CommandRequest { Kind = CommandKind.Wipe, Parameters = Utf8Block.FromText("{}"), Actor = "key:a", ExpiresIn = expiresIn };
        return (await commands.EnqueueAsync(request, Cancellation)).Value!.Command; // there is room
    }
}
