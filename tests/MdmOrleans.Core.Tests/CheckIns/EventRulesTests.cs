using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.CheckIns;

public sealed class EventRulesTests
{
    private const int PerDay = 3;

    private static readonly DateTimeOffset Now = A.Now;

    [Fact]
    public void A_device_may_tell_of_10_000_events_a_day_where_nothing_else_is_said()
    {
        var device = A.ActiveDevice();
        var kept = 0;
        for (var i = 0; i < 10_001; i++)
        {
            var (decision, refusal) = EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, EventBudget.DefaultPerDay, Now);
            device = decision.Device;
            kept += refusal is null ? 1 : 0;
        }

        Assert.Equal(10_000, kept);
    }

    [Fact]
    public void The_first_event_that_is_dropped_leaves_an_event_and_the_others_cost_nothing()
    {
        var device = Tell(A.ActiveDevice(), PerDay, Now);

        var (first, refusal) = EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, PerDay, Now);
        var (second, again) = EventRules.Tell(first.Device, "tick", Utf8Block.FromText("{}"), 1, PerDay, Now.AddHours(1));

        Assert.Equal((ProblemCatalog.EventsOverBudget, ProblemCatalog.EventsOverBudget), (refusal, again));
        var dropped = Assert.Single(first.Events);
        Assert.Equal(EventKinds.EventsDropped, dropped.Kind);
        var detail = JsonDocument.Parse(dropped.Detail.ToString()).RootElement;
        Assert.Equal(("2026-03-01", PerDay), (detail.GetProperty("day").GetString(), detail.GetProperty("perDay").GetInt32()));
        Assert.False(second.MustStore);
        Assert.Same(first.Device, second.Device);
    }

    [Theory]
    [InlineData(12)] // 00:00 UTC of the next day
    [InlineData(-24)] // the clock was set back
    public void Another_day_has_a_budget_of_its_own(int hours)
    {
        var device = Tell(A.ActiveDevice(), PerDay + 1, Now);

        var (decision, refusal) = EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, PerDay, Now.AddHours(hours));

        Assert.Null(refusal);
        Assert.Equal(EventKinds.DeviceReported, Assert.Single(decision.Events).Kind);
        Assert.Equal(1, decision.Device.Events?.Used);
    }

    [Fact]
    public void The_last_second_of_a_day_is_still_that_day()
    {
        var device = Tell(A.ActiveDevice(), PerDay, Now);

        Assert.NotNull(EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, PerDay, Now.AddHours(12).AddTicks(-1)).Refusal);
    }

    [Fact]
    public void What_an_older_enrollment_tells_counts_as_well()
    {
        var device = DeviceRules.IssueToken(A.ActiveDevice(), SecretHash.Of("other"), "key:admin", Now).Device;

        device = Tell(device, PerDay, Now);

        Assert.NotNull(EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, PerDay, Now).Refusal);
    }

    [Fact]
    public void What_the_twin_itself_records_is_never_dropped()
    {
        var device = Tell(A.ActiveDevice(), PerDay + 1, Now);

        var decision = CheckInRules.Accept(device, A.CheckIn("12"), A.Assignment(), Now.AddMinutes(1));

        Assert.Contains(decision.Events, e => e.Kind == EventKinds.PostureChanged);
        Assert.Equal(PerDay, decision.Device.Events?.Used);
    }

    private static Device Tell(Device device, int times, DateTimeOffset now)
    {
        for (var i = 0; i < times; i++)
        {
            device = EventRules.Tell(device, "tick", Utf8Block.FromText("{}"), 1, PerDay, now).Decision.Device;
        }

        return device;
    }
}
