using MdmOrleans.Abstractions.Clocks;
using MdmOrleans.Core.Clocks;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Grains.Clocks;
using MdmOrleans.Grains.Tests.Deadlines;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Grains.Tests.Clocks;

/// <summary>A fleet under a clock that is set ahead and back.</summary>
public sealed class SteppedClockTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Policy =
        """
        { "name": "Baseline", "graceHours": 48,
          "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } }, { "id": "silence", "kind": "checkIn", "maximumHours": 24 } ] }
        """;

    private static readonly TimeSpan ThreeDays = TimeSpan.FromDays(3);

    private SteppedTime _system = null!; // made with each world, as the clock
    private GuardedClock _clock = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clock_that_jumps_three_days_ahead_quarantines_nobody_neither_by_deadline_nor_at_a_check_in()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("ahead", Policy);
        var (silent, speaking) = (await world.CreateDeviceAsync("ahead/silent"), await world.CreateDeviceAsync("ahead/speaking"));
        await world.CheckInAsync(silent, "15.0");
        await world.CheckInAsync(speaking, "15.0");

        _system.Step(ThreeDays);
        var verdict = await world.CheckInAsync(speaking, "15.1");
        await world.PassAsync(TimeSpan.FromSeconds(40));

        Assert.True(_clock.IsSuspended);
        Assert.Equal((ComplianceStatus.InGracePeriod, World.Start), (verdict.Compliance, verdict.ServerTime));
        Assert.Equal(ComplianceStatus.InGracePeriod, (await world.ReadAsync(silent)).Compliance.Status);
    }

    [Fact]
    public async Task Deadlines_that_fell_due_while_the_clock_was_in_doubt_are_acted_on_when_it_is_believed_again_each_as_of_its_instant()
    {
        await using var world = await StartAsync();
        await world.CreateTenantAsync("doubt", Policy);
        var device = await world.CreateDeviceAsync("doubt/device");
        await world.CheckInAsync(device, "15.0");
        _system.Step(-ThreeDays);
        _ = _clock.GetUtcNow();
        await world.PassAsync(TimeSpan.FromHours(49));
        var meanwhile = await world.ReadAsync(device);

        _system.Step(ThreeDays);
        _clock.Read();
        await world.PassAsync(TimeSpan.FromSeconds(1));

        var after = await world.ReadAsync(device);
        Assert.Equal(ComplianceStatus.InGracePeriod, meanwhile.Compliance.Status);
        Assert.Equal(ComplianceStatus.Noncompliant, after.Compliance.Status);
        Assert.Contains(await world.HistoryAsync(device), entry => entry.At == World.Start.AddHours(48));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-72)]
    public async Task After_a_confirmed_step_back_deadlines_go_on_and_the_history_keeps_its_order(int hours)
    {
        await using var world = await StartAsync();
        var tenant = hours == -1 ? "hour" : "days";
        await world.CreateTenantAsync(tenant, Policy);
        var old = await world.CreateDeviceAsync($"{tenant}/old");
        await world.CheckInAsync(old, "15.0");
        await world.SettleAsync();

        _system.Step(TimeSpan.FromHours(hours));
        var clocks = await world.Grains.GetGrain<IServerClocks>(0).ConfirmAsync("key:admin", Cancellation);
        var young = await world.CreateDeviceAsync($"{tenant}/young");
        await world.CheckInAsync(young, "15.0");
        await world.CheckInAsync(old, "15.1");
        await world.PassAsync(TimeSpan.FromHours(49));

        Assert.Null(Assert.Single(clocks).Reading.Doubt);
        Assert.Equal(ComplianceStatus.Noncompliant, (await world.ReadAsync(young)).Compliance.Status);
        var instants = (await world.HistoryAsync(old)).Select(entry => entry.RecordedAt).ToList();
        Assert.Equal(instants.Order(), instants);
    }

    private async Task<World> StartAsync() => await World.StartAsync(database, services =>
    {
        var real = (FakeTimeProvider)services.Last(service => service.ServiceType == typeof(TimeProvider) && !service.IsKeyedService).ImplementationInstance!;
        _system = new SteppedTime(real);
        _clock = new GuardedClock(_system, _system, NullLogger<GuardedClock>.Instance);
        services.AddSingleton<TimeProvider>(_clock).AddSingleton<IClockGuard>(_clock);
    });
}
