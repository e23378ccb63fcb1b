using System.Collections.Immutable;
using CsCheck;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Core.Tests.Operations;

public sealed class OperationRulesTests
{
    private const string Admin = "key:admin";

    [Fact]
    public void A_wave_asks_its_share_and_no_more()
    {
        var asking = OperationRules.Ask(AnOperation(1000), allowance: 100, A.Now);

        Assert.Equal(10, asking.Asked);
    }

    [Fact]
    public void The_rate_bounds_what_is_asked()
    {
        var asking = OperationRules.Ask(AnOperation(100_000), allowance: 7, A.Now);

        Assert.Equal(7, asking.Asked);
    }

    [Fact]
    public void The_next_wave_begins_when_every_device_of_the_one_before_is_done()
    {
        var asked = OperationRules.Ask(AnOperation(1000), 100, A.Now);

        var waiting = OperationRules.Advance(asked, ATally(final: 9), A.Now.AddHours(1));
        var next = OperationRules.Advance(waiting, ATally(final: 10), A.Now.AddHours(2));

        Assert.Equal((0, 1), (waiting.Wave, next.Wave));
        Assert.Equal((A.Now.AddHours(2), A.Now.AddHours(2)), (next.Waves[0].EndedAt, next.Waves[1].StartedAt));
    }

    [Fact]
    public void A_wave_waits_for_a_day_and_not_longer()
    {
        var asked = OperationRules.Ask(AnOperation(1000), 100, A.Now);

        Assert.Equal(0, OperationRules.Advance(asked, ATally(), A.Now.AddHours(24).AddMilliseconds(-1)).Wave);
        Assert.Equal(1, OperationRules.Advance(asked, ATally(), A.Now.AddHours(24)).Wave);
    }

    [Fact]
    public void A_slow_rate_does_not_make_a_wave_end_before_everybody_was_asked()
    {
        var asked = OperationRules.Ask(AnOperation(1000), 9, A.Now);

        Assert.Equal(0, OperationRules.Advance(asked, ATally(final: 9), A.Now.AddDays(30)).Wave);
    }

    [Fact]
    public void It_stops_when_more_fail_than_may_and_says_why()
    {
        var asked = OperationRules.Ask(AnOperation(1000, maxFailurePercent: 20), 100, A.Now);

        var within = OperationRules.Advance(asked, ATally(final: 2, failed: 2), A.Now);
        var beyond = OperationRules.Advance(asked, ATally(final: 3, failed: 3), A.Now);

        Assert.Equal((OperationStatus.Running, OperationStatus.Stopped), (within.Status, beyond.Status));
        Assert.Equal((OperationSteps.Stopped, Actors.Waves, OperationRules.TooManyFailures), beyond.Steps[^1] is var step ? (step.Kind, step.Actor, step.Reason) : default);
    }

    [Fact]
    public void With_a_bound_of_zero_one_failure_is_too_many() => Assert.Equal(
        OperationStatus.Stopped,
        OperationRules.Advance(OperationRules.Ask(AnOperation(1000, maxFailurePercent: 0), 100, A.Now), ATally(final: 1, failed: 1), A.Now).Status);

    [Fact]
    public void What_a_person_has_seen_does_not_stop_it_again()
    {
        var asked = OperationRules.Ask(AnOperation(1000, maxFailurePercent: 0), 100, A.Now);
        var stopped = OperationRules.Advance(asked, ATally(final: 1, failed: 1), A.Now);

        var resumed = OperationRules.Resume(stopped, Admin, A.Now).Value!;

        Assert.Equal(OperationStatus.Running, OperationRules.Advance(resumed, ATally(final: 1, failed: 1), A.Now).Status);
        Assert.Equal(OperationStatus.Stopped, OperationRules.Advance(resumed, ATally(final: 2, failed: 2), A.Now).Status);
    }

    [Fact]
    public void A_filter_that_finds_nobody_is_complete_at_once()
    {
        var done = OperationRules.Advance(AnOperation(0), OperationTally.Empty, A.Now);

        Assert.Equal(OperationStatus.Completed, done.Status);
        Assert.All(done.Waves, wave => Assert.Equal((A.Now, A.Now), (wave.StartedAt!.Value, wave.EndedAt!.Value)));
    }

    [Theory]
    [InlineData(OperationStatus.Running, OperationStatus.Paused, OperationStatus.Running, OperationStatus.Canceling)]
    [InlineData(OperationStatus.Paused, OperationStatus.Paused, OperationStatus.Running, OperationStatus.Canceling)]
    [InlineData(OperationStatus.Stopped, OperationStatus.Stopped, OperationStatus.Running, OperationStatus.Canceling)]
    [InlineData(OperationStatus.Canceling, null, null, OperationStatus.Canceling)]
    [InlineData(OperationStatus.Canceled, null, null, OperationStatus.Canceled)]
    [InlineData(OperationStatus.Completed, null, null, null)]
    public void What_people_may_say_depends_on_where_it_is(
        OperationStatus status, OperationStatus? paused, OperationStatus? resumed, OperationStatus? canceled)
    {
        var operation = AnOperation(1000) with { Status = status };

        Assert.Equal(
            (paused, resumed, canceled),
            (OperationRules.Pause(operation, Admin, A.Now).Value?.Status,
            OperationRules.Resume(operation, Admin, A.Now).Value?.Status,
            OperationRules.Cancel(operation, Admin, A.Now).Value?.Status));
    }

    [Fact]
    public void Asking_for_what_is_so_changes_nothing()
    {
        var operation = AnOperation(1000);

        Assert.Same(operation, OperationRules.Resume(operation, Admin, A.Now).Value);
        Assert.Same(operation, OperationRules.Adjust(operation, new OperationChange(100, false, null), Admin, A.Now).Value);
    }

    [Fact]
    public void Rate_and_bound_are_adjusted_one_by_one()
    {
        var operation = AnOperation(1000, maxFailurePercent: 5);

        var faster = OperationRules.Adjust(operation, new OperationChange(500, false, null), Admin, A.Now).Value!.Request;
        var boundless = OperationRules.Adjust(operation, new OperationChange(null, true, null), Admin, A.Now).Value!.Request;

        Assert.Equal((500, 5.0), (faster.RatePerSecond, faster.MaxFailurePercent));
        Assert.Equal((100, null), (boundless.RatePerSecond, boundless.MaxFailurePercent));
    }

    private enum Said
    {
        Nothing,
        Pause,
        Resume,
        Cancel,
    }

    /// <summary>Whatever people say and devices do: nobody beyond the wave is asked, no wave overtakes another, an end is an end, every change says who.</summary>
    [Fact]
    public void Whatever_happens_waves_come_one_after_the_other() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[1, 100], Gen.Select(Gen.Enum<Said>(), Gen.Int[0, 400], Gen.Int[0, 300], Gen.Int[0, 2000]).Array[0, 60])
            .Sample((devices, bound, turns) =>
            {
                var (operation, now, final, failed) = (AnOperation(devices, maxFailurePercent: bound), A.Now, 0, 0);
                foreach (var (said, allowance, done, minutes) in turns)
                {
                    var before = operation;
                    now = now.AddMinutes(minutes);
                    operation = Say(operation, said, now);
                    operation = OperationRules.Ask(operation, allowance, now);
                    final = Math.Min(operation.Asked, final + done);
                    failed = Math.Min(final, failed + (done / 50));
                    operation = OperationRules.Advance(operation, ATally(final, failed), now);
                    Demand(before, operation);
                }
            });

    private static Operation Say(Operation operation, Said said, DateTimeOffset now) => (said switch
    {
        Said.Pause => OperationRules.Pause(operation, Admin, now),
        Said.Resume => OperationRules.Resume(operation, Admin, now),
        Said.Cancel when now.Minute % 7 == 0 => OperationRules.Cancel(operation, Admin, now), // not in every life
        _ => operation,
    }).Value ?? operation;

    private static void Demand(Operation before, Operation after)
    {
        Assert.InRange(after.Asked, before.Asked, after.Waves[after.Wave].Devices!.Value);
        Assert.True(after.Asked == before.Asked || before.Status != OperationStatus.Canceling);
        Assert.True(!before.Status.IsSettled() || after.Status == before.Status);
        Assert.True(after.Status == before.Status || !ReferenceEquals(after.Steps[^1], before.Steps[^1]));
        for (var i = 1; i < after.Waves.Length; i++)
        {
            Assert.Equal(after.Waves[i - 1].EndedAt, after.Waves[i].StartedAt);
        }
    }

    private static OperationTally ATally(int final = 0, int failed = 0) => new() { Final = final, Failed = failed };

    /// <summary>That has found its devices.</summary>
    private static Operation AnOperation(int devices, double? maxFailurePercent = null)
    {
        var request = new OperationRequest { Command = A.Command(), Filter = new DeviceFilter(), MaxFailurePercent = maxFailurePercent };
        var accepted = OperationRules.Accept(new OperationId(A.Id.Tenant, Guid.CreateVersion7(A.Now)), request, A.Now);
        return OperationRules.Plan(accepted, devices, ImmutableArray<ulong>.Empty, A.Now);
    }
}
