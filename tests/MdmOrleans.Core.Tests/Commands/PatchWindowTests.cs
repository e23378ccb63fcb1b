using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class PatchWindowTests
{
    private static readonly PatchWindow Nightly = new(DayOfWeek.Sunday, new TimeOnly(2, 0), TimeSpan.FromHours(2), null);

    // A Sunday; the window of A.Now's day in UTC is over.
    private static readonly DateTimeOffset NextSunday = new(2026, 3, 8, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-03-01T01:59:59Z", "UTC", "2026-03-01T02:00:00Z", "2026-03-01T04:00:00Z")]
    [InlineData("2026-03-01T02:00:00Z", "UTC", null, "2026-03-01T04:00:00Z")]
    [InlineData("2026-03-01T04:00:00Z", "UTC", "2026-03-08T02:00:00Z", "2026-03-08T04:00:00Z")]
    [InlineData("2026-03-01T00:30:00Z", "Europe/Berlin", "2026-03-01T01:00:00Z", "2026-03-01T03:00:00Z")]
    [InlineData("2026-02-28T18:00:00Z", "Asia/Tokyo", null, "2026-02-28T19:00:00Z")]
    [InlineData("2026-03-01T01:00:00Z", "Mars/Olympus", "2026-03-01T02:00:00Z", "2026-03-01T04:00:00Z")]
    [InlineData("2026-03-01T01:00:00Z", null, "2026-03-01T02:00:00Z", "2026-03-01T04:00:00Z")]
    public void A_window_opens_and_closes_by_the_clock_on_the_devices_wall(string now, string? zone, string? opens, string closes)
    {
        var found = PatchWindowRules.At(Nightly, zone, Instant(now));

        Assert.Equal((opens is null ? null : Instant(opens), Instant(closes)), (found.OpensAt, found.ClosesAt));
    }

    [Fact]
    public void A_start_that_the_clocks_skip_is_when_they_have_jumped_over_it()
    {
        var found = PatchWindowRules.At(Nightly with { Start = new TimeOnly(2, 30) }, "Europe/Berlin", Instant("2026-03-29T00:00:00Z"));

        Assert.Equal(Instant("2026-03-29T01:30:00Z"), found.OpensAt); // 03:30 there
    }

    [Fact]
    public void A_start_that_the_clocks_show_twice_is_the_first_of_the_two_and_the_length_is_time_that_passes()
    {
        var found = PatchWindowRules.At(Nightly, "Europe/Berlin", Instant("2026-10-24T12:00:00Z"));

        Assert.Equal((Instant("2026-10-25T00:00:00Z"), Instant("2026-10-25T02:00:00Z")), (found.OpensAt, found.ClosesAt));
    }

    [Fact]
    public void A_window_over_midnight_is_open_on_the_day_after()
    {
        var late = new PatchWindow(DayOfWeek.Saturday, new TimeOnly(23, 0), TimeSpan.FromHours(4), "Europe/Berlin");

        var found = PatchWindowRules.At(late, null, Instant("2026-03-01T01:00:00Z"));

        Assert.Equal((null, Instant("2026-03-01T02:00:00Z")), (found.OpensAt, found.ClosesAt));
    }

    [Fact]
    public void An_update_waits_for_the_window_says_until_when_and_outlives_it()
    {
        var (device, update) = Updating();

        Assert.Equal(NextSunday, update.DeliverableFrom);
        Assert.Equal(NextSunday.AddHours(2), update.ExpiresAt);
        Assert.Equal(NextSunday, device.NextDueAt < NextSunday ? CommandMoves.NextInstant(device.Commands) : device.NextDueAt);
        Assert.Empty(CommandRules.Offer(device, NextSunday.AddTicks(-1)));
    }

    [Fact]
    public void It_is_offered_when_the_window_opens_and_not_after_it_has_closed()
    {
        var (device, _) = Updating(expiresIn: TimeSpan.FromDays(30));

        var open = DeadlineRules.Act(device, Assignment(Nightly), NextSunday).Device;
        var closed = DeadlineRules.Act(open, Assignment(Nightly), NextSunday.AddHours(2)).Device;

        Assert.Single(CommandRules.Offer(open, NextSunday));
        Assert.Null(Assert.Single(open.Commands.Pending).DeliverableFrom);
        Assert.Empty(CommandRules.Offer(open, NextSunday.AddHours(2)));
        Assert.Equal(NextSunday.AddDays(7), Assert.Single(closed.Commands.Pending).DeliverableFrom);
    }

    [Fact]
    public void What_is_late_comes_out_as_if_on_time()
    {
        var (device, _) = Updating(expiresIn: TimeSpan.FromDays(30));

        var late = DeadlineRules.Act(device, Assignment(Nightly), NextSunday.AddDays(8)).Device;

        Assert.Equal(NextSunday.AddDays(14), Assert.Single(late.Commands.Pending).DeliverableFrom);
    }

    [Fact]
    public void A_policy_without_a_window_lets_it_go_and_one_with_another_moves_it()
    {
        var (device, _) = Updating();
        var daytime = Nightly with { Start = new TimeOnly(13, 0) };

        var moved = DeadlineRules.Act(device, Assignment(daytime, 2), A.Now).Device;
        var free = DeadlineRules.Act(device, Assignment(null, 3), A.Now).Device;

        Assert.Equal(A.Now.AddHours(1), Assert.Single(moved.Commands.Pending).DeliverableFrom);
        Assert.Single(CommandRules.Offer(free, A.Now));
    }

    [Fact]
    public void A_device_that_moves_to_another_time_zone_takes_its_window_along()
    {
        var (device, _) = Updating();
        var checkIn = A.CheckIn() with { Posture = A.Posture() with { TimeZone = "Asia/Tokyo" } };

        var moved = CheckInRules.Accept(device, checkIn, Assignment(Nightly), A.Now).Device;

        Assert.Equal(NextSunday.AddHours(-9), Assert.Single(moved.Commands.Pending).DeliverableFrom);
    }

    [Fact]
    public void Only_what_is_marked_waits()
    {
        var device = A.ActiveDevice();

        var marked = CommandRules.Enqueue(device, A.Command(CommandKind.InstallApp) with { InPatchWindow = true }, Guid.CreateVersion7(A.Now), A.Now, default, Nightly);
        var other = CommandRules.Enqueue(device, A.Command(CommandKind.InstallApp), Guid.CreateVersion7(A.Now), A.Now, default, Nightly);

        Assert.Empty(CommandRules.Offer(marked.Decision.Device, A.Now));
        Assert.Single(CommandRules.Offer(other.Decision.Device, A.Now));
    }

    private static (Device Device, DeviceCommand Update) Updating(TimeSpan? expiresIn = null)
    {
        var device = DeadlineRules.Act(A.ActiveDevice(), Assignment(Nightly), A.Now).Device;
        var request = A.Command(CommandKind.UpdateOs) with { ExpiresIn = expiresIn };
        var (decision, receipt) = CommandRules.Enqueue(device, request, Guid.CreateVersion7(A.Now), A.Now, default, Nightly);
        return (decision.Device, receipt!.Command); // the queue has room
    }

    private static PolicyAssignment Assignment(PatchWindow? window, int version = 1)
    {
        var assignment = A.Assignment(version: version);
        return assignment with { Policy = assignment.Policy! with { PatchWindow = window } };
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
