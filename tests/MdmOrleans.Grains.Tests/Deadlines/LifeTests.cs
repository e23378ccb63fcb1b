using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>Whole lives of devices, minute by minute, through the real grains and the real database.</summary>
public abstract class LifeTests(ITestDatabase database)
{
    private const string Policy =
        """
        {
          "name": "Baseline", "graceHours": 48,
          "rules": [
            { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 24 } ],
          "onNoncompliance": [
            { "afterHours": 0, "action": "notify" },
            { "afterHours": 24, "action": "lock" },
            { "afterHours": 40, "action": "block" },
            { "afterHours": 60, "action": "nominateRetire" } ]
        }
        """;

    private static readonly string[] Told =
        [EventKinds.ComplianceChanged, EventKinds.LadderStepTaken, EventKinds.LifecycleChanged, EventKinds.AccessChanged, EventKinds.NominationChanged];

    [Fact]
    public async Task Seventy_two_hours_of_four_devices_with_two_restarts()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("life", Policy);
        var healthy = await world.CreateDeviceAsync("life/healthy");
        var falling = await world.CreateDeviceAsync("life/falling"); // fails after five hours, heals after seventy
        var off = await world.CreateDeviceAsync("life/off"); // never heard of again
        var broken = await world.CreateDeviceAsync("life/broken"); // fails from the first minute, and never heard of again
        await world.CheckInAsync(off, "16.1");
        await world.CheckInAsync(broken, "15.0");

        for (var minute = 0; minute <= 72 * 60; minute++)
        {
            if (minute % 15 == 0)
            {
                await world.CheckInAsync(healthy, "16.1");
                await world.CheckInAsync(falling, minute is >= 300 and < 4200 ? "15.0" : "16.1");
            }

            if (minute is 1000 or 2903)
            {
                await world.DownAsync();
                await world.UpAsync();
            }

            await world.PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["0: quarantine", "0: Active", "0: compliant", "0: allow"], await StoryAsync(world, healthy));
        Assert.Equal(
            [
                "0: quarantine", "0: Active", "0: compliant", "0: allow",
                "5: inGracePeriod", "5: notify", "29: lock", "45: block", "45: block",
                "53: noncompliant", "53: Quarantined", "65: nominateRetire", "65: nominated",
                "70: compliant", "70: no nomination", "70: Active", "70: allow",
            ],
            await StoryAsync(world, falling));
        Assert.Equal(
            [
                "0: quarantine", "0: Active", "0: compliant", "0: allow",
                "24: inGracePeriod", "24: notify", "48: lock", "64: block", "64: block",
                "72: noncompliant", "72: Quarantined",
            ],
            await StoryAsync(world, off));
        Assert.Equal(
            [
                "0: quarantine", "0: Active", "0: inGracePeriod", "0: allow", "0: notify",
                "24: inGracePeriod" /* silent as well, which changes nothing about the clock */, "24: lock", "40: block", "40: block",
                "48: noncompliant", "48: Quarantined", "60: nominateRetire", "60: nominated",
            ],
            await StoryAsync(world, broken));
    }

    [Fact]
    public async Task A_server_that_was_down_over_the_end_of_the_grace_quarantines_as_of_that_end_when_it_comes_back()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("down", Policy);
        var device = await world.CreateDeviceAsync("down/device");
        await world.CheckInAsync(device, "15.0");
        await world.DownAsync();
        await world.PassAsync(TimeSpan.FromHours(100));

        await world.UpAsync();
        await world.SettleAsync();

        var twin = await world.ReadAsync(device);
        Assert.Equal((LifecycleState.Quarantined, AccessLevel.Block), (twin.Lifecycle, twin.Access.Level));
        var history = await world.HistoryAsync(device);
        Assert.Equal(World.Start.AddHours(48), history.Single(e => e.To == "Quarantined").At);
        Assert.Equal(World.Start.AddHours(100), history.Single(e => e.To == "Quarantined").RecordedAt);
        Assert.Equal([0, 24, 40, 60], history.Where(e => e.Kind == EventKinds.LadderStepTaken).Select(e => (e.At - World.Start).TotalHours));
        Assert.Equal(history.Select(e => e.At).Order(), history.Select(e => e.At));
    }

    [Fact]
    public async Task A_device_that_is_silent_and_well_is_evaluated_once_a_day()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("daily", """{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } } ] }""");
        var device = await world.CreateDeviceAsync("daily/device");
        await world.CheckInAsync(device, "16.1");

        var evaluations = new HashSet<DateTimeOffset>();
        for (var hour = 0; hour < 24 * 5; hour++)
        {
            await world.PassAsync(TimeSpan.FromHours(1));
            evaluations.Add((await world.ReadAsync(device)).Compliance.EvaluatedAt!.Value);
        }

        Assert.InRange(evaluations.Count, 5, 7); // the check-in, what the new default asked for, and five days
        Assert.All(evaluations.Order().Zip(evaluations.Order().Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalHours, 1, 24));
        Assert.Equal(ComplianceStatus.Compliant, (await world.ReadAsync(device)).Compliance.Status);
    }

    private static async Task<string[]> StoryAsync(World world, DeviceId device)
    {
        var history = await world.HistoryAsync(device);
        Assert.All(history, e => Assert.InRange(e.RecordedAt - e.At, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        return
        [
            .. history.Where(e => Told.Contains(e.Kind)).Select(e =>
                FormattableString.Invariant($"{(e.At - World.Start).TotalHours:0.##}: {e.To ?? (e.Kind == EventKinds.NominationChanged ? "no nomination" : e.Reason)}")),
        ];
    }
}

public sealed class SqliteLifeTests(SqliteDatabase database) : LifeTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresLifeTests(PostgresDatabase database) : LifeTests(database), IClassFixture<PostgresDatabase>;
