using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;

namespace MdmOrleans.Core.Tests.Deadlines;

public sealed class PostponeTests
{
    private const string Silence = """{ "name": "Baseline", "rules": [ { "id": "silence", "kind": "checkIn", "maximumHours": 6 } ] }""";

    [Fact]
    public void A_daily_evaluation_that_finds_nothing_new_moves_the_times_and_nothing_else()
    {
        var device = A.ActiveDevice();
        var due = device.NextDueAt!.Value;

        var after = DeadlineRules.Postpone(device, A.Assignment(), due);

        Assert.Equal(device with { NextDueAt = due.AddDays(1), Compliance = device.Compliance with { EvaluatedAt = due } }, after);
    }

    [Fact]
    public void So_does_one_of_a_device_that_fails_and_has_grace_left()
    {
        var device = A.ActiveDevice("15.0");
        var due = device.NextDueAt!.Value;

        var after = DeadlineRules.Postpone(device, A.Assignment(), due);

        Assert.True(due < device.Compliance.GraceEndsAt);
        Assert.Equal((device.Version, due, device.Compliance.GraceEndsAt), (after!.Version, after.Compliance.EvaluatedAt, after.Compliance.GraceEndsAt));
    }

    [Fact]
    public void A_silence_limit_is_armed_again_by_the_last_check_in()
    {
        var assignment = A.Assignment(Silence);
        var device = CheckInRules.Accept(A.Device(), A.CheckIn(), assignment, A.Now).Device;
        device = device with { Seen = device.Seen! with { SeenAt = A.Now.AddHours(5), CheckInAt = A.Now.AddHours(5) } };

        var after = DeadlineRules.Postpone(device, assignment, A.Now.AddHours(6));

        Assert.Equal(A.Now.AddHours(11), after!.Compliance.NextChangeAt);
    }

    [Fact]
    public void Silence_the_end_of_the_grace_a_command_and_another_policy_are_for_the_grain()
    {
        var silent = CheckInRules.Accept(A.Device(), A.CheckIn(), A.Assignment(Silence), A.Now).Device;
        var (asked, _) = CommandRules.Enqueue(
            A.ActiveDevice(), A.Command() with { ExpiresIn = TimeSpan.FromMinutes(10) }, Guid.CreateVersion7(A.Now), A.Now);

        Assert.Null(DeadlineRules.Postpone(silent, A.Assignment(Silence), A.Now.AddHours(6)));
        Assert.Null(DeadlineRules.Postpone(A.ActiveDevice("15.0"), A.Assignment(), A.Now.AddHours(48)));
        Assert.Null(DeadlineRules.Postpone(asked.Device, A.Assignment(), A.Now.AddMinutes(10)));
        Assert.Null(DeadlineRules.Postpone(A.ActiveDevice(), A.Assignment(version: 2, storedAt: A.Now.AddHours(1)), A.Now.AddHours(2)));
        Assert.Null(DeadlineRules.Postpone(A.ActiveDevice(), new PolicyAssignment(null, A.Now.AddHours(1), true), A.Now.AddHours(2)));
    }

    [Fact]
    public void What_is_not_due_is_not_postponed()
    {
        var device = A.ActiveDevice();

        Assert.Null(DeadlineRules.Postpone(device with { NextDueAt = A.Now.AddHours(1) }, A.Assignment(), A.Now.AddHours(1).AddMilliseconds(-1)));
    }
}
