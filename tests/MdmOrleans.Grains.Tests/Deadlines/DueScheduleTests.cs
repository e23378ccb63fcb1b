using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Deadlines;

namespace MdmOrleans.Grains.Tests.Deadlines;

public sealed class DueScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DueSchedule _schedule = new();

    [Fact]
    public void The_earliest_comes_first_and_none_before_its_instant()
    {
        Add("b", 2);
        Add("a", 1);
        Add("c", 3);

        Assert.Null(_schedule.TakeDue(Now));
        Assert.Equal(Now.AddSeconds(1), _schedule.NextAt);
        Assert.Equal(["a", "b"], Take(2));
        Assert.Equal(Now.AddSeconds(3), _schedule.NextAt);
    }

    [Fact]
    public void A_device_that_is_seen_twice_acts_once()
    {
        Add("a", 1);
        Add("a", 1);

        Assert.Equal(["a"], Take(5));
    }

    [Fact]
    public void A_device_is_not_woken_again_while_it_acts()
    {
        Add("a", 1);
        var entry = _schedule.TakeDue(Now.AddSeconds(1))!;

        Add("a", 1);

        Assert.Null(_schedule.TakeDue(Now.AddSeconds(5)));
        _schedule.Complete(entry, null);
        Assert.Null(_schedule.NextAt);
    }

    [Fact]
    public void What_becomes_due_while_it_acts_is_not_forgotten()
    {
        Add("a", 1);
        var entry = _schedule.TakeDue(Now.AddSeconds(1))!;

        _schedule.Add(Id("a"), Now.AddSeconds(4));
        _schedule.Complete(entry, Now.AddSeconds(9));

        Assert.Equal(Now.AddSeconds(4), _schedule.NextAt);
    }

    [Fact]
    public void Sooner_counts_and_later_does_not()
    {
        Add("a", 5);

        _schedule.Add(Id("a"), Now.AddSeconds(2));
        _schedule.Add(Id("a"), Now.AddSeconds(7));

        Assert.Equal(Now.AddSeconds(2), _schedule.NextAt);
        Assert.Equal(["a"], Take(10));
    }

    [Fact]
    public void Whoever_fails_is_tried_again_later_and_later_and_nobody_waits_for_it()
    {
        Add("bad", 0);
        Add("good", 1);

        List<double> attempts = [];
        var now = Now;
        while (attempts.Count < 12)
        {
            now = _schedule.NextAt!.Value;
            var entry = _schedule.TakeDue(now)!;
            if (entry.Id == Id("good"))
            {
                Assert.Equal(Now.AddSeconds(1), now);
                _schedule.Complete(entry, null);
            }
            else
            {
                attempts.Add((now - Now).TotalSeconds);
                _schedule.Fail(entry, now);
            }
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111], attempts);
    }

    [Fact]
    public void Failing_devices_do_not_count_as_work_ahead()
    {
        Add("bad", 0);
        _schedule.Fail(_schedule.TakeDue(Now)!, Now);
        Add("bad", 0);

        Assert.Equal((0, 0), (_schedule.Fresh, _schedule.Acting));
        Assert.Equal(Now, _schedule.OldestDueAt);
    }

    [Fact]
    public void Only_so_many_failing_devices_are_remembered()
    {
        for (var i = 0; i < 2000; i++)
        {
            Add($"bad-{i}", 0);
            _schedule.Fail(_schedule.TakeDue(Now)!, Now);
        }

        Assert.Equal(512, Take(3600).Count);
    }

    private static DeviceId Id(string name) => DeviceId.Parse($"acme/{name}");

    private void Add(string name, double seconds) => _schedule.Add(new DueDevice(Id(name), Now.AddSeconds(seconds), 1, null), 0);

    private List<string> Take(double seconds)
    {
        List<string> names = [];
        while (_schedule.TakeDue(Now.AddSeconds(seconds)) is { } entry)
        {
            names.Add(entry.Id.Name);
        }

        return names;
    }
}
