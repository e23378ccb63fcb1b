using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Deadlines;

public sealed class LadderRulesTests
{
    private const string Whole =
        """
        { "afterHours": 0, "action": "notify" },
        { "afterHours": 12, "action": "command", "command": { "kind": "message", "parameters": { "text": "Update" } } },
        { "afterHours": 24, "action": "lock" },
        { "afterHours": 36, "action": "quarantine" },
        { "afterHours": 60, "action": "block" },
        { "afterHours": 72, "action": "nominateRetire" }
        """;

    private static readonly DateTimeOffset Start = A.Now;

    [Fact]
    public void Each_step_is_taken_once_at_its_own_instant()
    {
        var assignment = Ladder(Whole);
        var device = Failing(assignment);

        var events = LiveThrough(ref device, assignment, Start, hours: 100);

        Assert.Equal(
            [("command", 12d), ("lock", 24), ("quarantine", 36), ("block", 60), ("nominateRetire", 72)],
            events.Where(e => e.Kind == EventKinds.LadderStepTaken).Select(e => (e.Reason!, (e.At - Start).TotalHours)));
    }

    [Fact]
    public void A_step_at_the_start_is_taken_in_the_turn_that_found_the_failure()
    {
        var decision = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), Ladder(Whole), Start);

        Assert.Equal("notify", Assert.Single(decision.Events, e => e.Kind == EventKinds.LadderStepTaken).Reason);
    }

    [Fact]
    public void What_was_missed_is_taken_late_but_as_of_its_instant_and_in_order_with_the_end_of_the_grace()
    {
        var assignment = Ladder(Whole);
        var device = Failing(assignment);

        var decision = DeadlineRules.Act(device, assignment, Start.AddHours(100));

        Assert.Equal(
            [12d, 24, 36, 36 /* the message of hour 12 expires */, 48, 60, 72],
            decision.Events
                .Where(e => e.Kind is EventKinds.LadderStepTaken or EventKinds.ComplianceChanged || e.To is "expired")
                .Select(e => (e.At - Start).TotalHours));
        Assert.All(decision.Events, e => Assert.Equal(Start.AddHours(100), e.RecordedAt));
    }

    [Fact]
    public void A_step_quarantines_before_the_grace_ends_and_the_end_of_the_grace_still_shows()
    {
        var assignment = Ladder(Whole);
        var device = Failing(assignment);

        device = DeadlineRules.Act(device, assignment, Start.AddHours(36)).Device;

        Assert.Equal((LifecycleState.Quarantined, QuarantineReasons.Noncompliant), (device.Lifecycle, device.QuarantineReasons));
        Assert.Equal(ComplianceStatus.InGracePeriod, device.Compliance.Status);
        Assert.Equal(Start.AddHours(48), device.NextDueAt);

        var ended = DeadlineRules.Act(device, assignment, Start.AddHours(48));

        Assert.Equal(ComplianceStatus.Noncompliant, ended.Device.Compliance.Status);
        Assert.Equal(EventKinds.ComplianceChanged, Assert.Single(ended.Events).Kind);
    }

    [Fact]
    public void A_block_behind_the_end_of_the_grace_is_the_ladders_doing()
    {
        var assignment = Ladder(Whole);
        var device = Failing(assignment);

        var events = LiveThrough(ref device, assignment, Start, hours: 100);

        Assert.Equal("rule:ladder", Assert.Single(events, e => e.Kind == EventKinds.AccessChanged && e.To == "block").Actor);
    }

    [Fact]
    public void A_blocked_device_gets_in_again_when_it_heals_and_not_before()
    {
        var assignment = Ladder("""{ "afterHours": 1, "action": "block" }""");
        var device = DeadlineRules.Act(Failing(assignment), assignment, Start.AddHours(1)).Device;

        var still = CheckInRules.Accept(device, A.CheckIn("15.1"), assignment, Start.AddHours(2)).Device;
        var healed = CheckInRules.Accept(still, A.CheckIn("16.5"), assignment, Start.AddHours(3)).Device;

        Assert.Equal(new AccessState(AccessLevel.Block, "noncompliant", Start.AddHours(1)), still.Access);
        Assert.Equal(LifecycleState.Active, still.Lifecycle);
        Assert.Equal(AccessLevel.Allow, healed.Access.Level);
    }

    [Fact]
    public void Healing_lifts_what_compliance_did_and_nothing_else()
    {
        var assignment = Ladder(Whole);
        var device = DeadlineRules.Act(Failing(assignment), assignment, Start.AddHours(80)).Device;
        device = device.Queued(CommandKind.Restart, Start.AddHours(81)).Device;
        device = device with { QuarantineReasons = device.QuarantineReasons | QuarantineReasons.Lost };

        var healed = CheckInRules.Accept(device, A.CheckIn("16.5"), assignment, Start.AddHours(82)).Device;

        Assert.Equal(QuarantineReasons.Lost, healed.QuarantineReasons);
        Assert.Equal(AccessLevel.Quarantine, healed.Access.Level);
        Assert.Null(healed.Compliance.Ladder);
        Assert.Equal(CommandKind.Restart, Assert.Single(healed.Commands.Pending).Kind);
        Assert.Equal(CommandStatus.Canceled, healed.Commands.Finished.Single(c => c.Kind == CommandKind.Lock).Status);
    }

    [Fact]
    public void A_command_of_the_ladder_that_the_device_has_got_is_not_called_off()
    {
        var assignment = Ladder(Whole);
        var device = DeadlineRules.Act(Failing(assignment), assignment, Start.AddHours(24)).Device;
        var sent = device.Commands.Pending.Single(c => c.Kind == CommandKind.Lock);
        device = CommandRules.MarkSent(device, [sent.Id], Start.AddHours(24)).Device;

        var healed = CheckInRules.Accept(device, A.CheckIn("16.5"), assignment, Start.AddHours(25)).Device;

        Assert.Equal(CommandStatus.Sent, healed.Commands.Pending.Single(c => c.Id == sent.Id).Status);
    }

    [Fact]
    public void A_lock_that_somebody_else_asked_for_as_well_survives_the_episode()
    {
        var assignment = Ladder(Whole);
        var device = DeadlineRules.Act(Failing(assignment), assignment, Start.AddHours(24)).Device;
        var (decision, receipt) = CommandRules.Enqueue(device, A.Command(CommandKind.Lock), Guid.CreateVersion7(Start), Start.AddHours(25));

        var healed = CheckInRules.Accept(decision.Device, A.CheckIn("16.5"), assignment, Start.AddHours(26)).Device;

        Assert.True(receipt!.WasThere);
        Assert.Equal("key:admin", Assert.Single(healed.Commands.Pending, c => c.Id == receipt.Command.Id).RequestedBy);
    }

    [Fact]
    public void Another_episode_begins_at_the_bottom()
    {
        var assignment = Ladder("""{ "afterHours": 0, "action": "notify" }""");
        var device = Failing(assignment);
        device = CheckInRules.Accept(device, A.CheckIn("16.5"), assignment, Start.AddHours(1)).Device;

        var again = CheckInRules.Accept(device, A.CheckIn("15.0"), assignment, Start.AddHours(2));

        Assert.Equal(Start.AddHours(2), Assert.Single(again.Events, e => e.Kind == EventKinds.LadderStepTaken).At);
    }

    [Fact]
    public void A_step_that_only_changed_its_place_is_not_taken_again_and_a_new_one_is_taken_as_of_its_version()
    {
        var device = DeadlineRules.Act(Failing(Ladder("""{ "afterHours": 2, "action": "lock" }""")), Ladder("""{ "afterHours": 2, "action": "lock" }"""), Start.AddHours(2)).Device;
        var edited = Ladder("""{ "afterHours": 1, "action": "notify" }, { "afterHours": 2, "action": "lock" }""", 2, Start.AddHours(5));

        var decision = DeadlineRules.Act(device, edited, Start.AddHours(9));

        var taken = Assert.Single(decision.Events, e => e.Kind == EventKinds.LadderStepTaken);
        Assert.Equal(("notify", Start.AddHours(5)), (taken.Reason, taken.At));
    }

    [Fact]
    public void Taking_a_block_out_of_the_policy_lets_its_devices_in()
    {
        var blocking = Ladder("""{ "afterHours": 1, "action": "block" }""");
        var device = DeadlineRules.Act(Failing(blocking), blocking, Start.AddHours(1)).Device;

        var decision = DeadlineRules.Act(device, Ladder("""{ "afterHours": 1, "action": "notify" }""", 2, Start.AddHours(3)), Start.AddHours(3));

        Assert.Equal(AccessLevel.Allow, decision.Device.Access.Level);
    }

    [Fact]
    public void What_was_overdue_when_the_policy_changed_is_acted_on_by_the_policy_of_then()
    {
        var old = Ladder("""{ "afterHours": 2, "action": "lock" }""");
        var device = Failing(old);
        var changed = Ladder("""{ "afterHours": 9, "action": "notify" }""", 2, Start.AddHours(5)) with { Superseded = [old] };

        var late = DeadlineRules.Act(device, changed, Start.AddHours(20));

        Assert.Equal(
            [("lock", 2d), ("notify", 9)],
            late.Events.Where(e => e.Kind == EventKinds.LadderStepTaken).Select(e => (e.Reason!, (e.At - Start).TotalHours)));
    }

    [Fact]
    public void A_nomination_that_was_dismissed_does_not_come_back_in_this_episode()
    {
        var assignment = Ladder("""{ "afterHours": 1, "action": "nominateRetire" }""");
        var device = DeadlineRules.Act(Failing(assignment), assignment, Start.AddHours(1)).Device;
        Assert.NotNull(device.Compliance.Ladder!.NominatedAt);

        device = LadderRules.Dismiss(device, "key:admin", Start.AddHours(2)).Device;
        var events = LiveThrough(ref device, assignment, Start.AddHours(2), hours: 72);

        Assert.Null(device.Compliance.Ladder!.NominatedAt);
        Assert.DoesNotContain(events, e => e.Kind == EventKinds.NominationChanged);
        Assert.Equal(ProblemCatalog.NotNominated, LadderRules.Dismiss(device, "key:admin", Start.AddHours(80)).Problem);
    }

    [Fact]
    public void A_full_queue_does_not_hold_up_the_ladder()
    {
        var assignment = Ladder("""{ "afterHours": 1, "action": "command", "command": { "kind": "message" } }, { "afterHours": 2, "action": "notify" }""");
        var device = Failing(assignment);
        for (var i = 0; i < CommandQueue.Capacity; i++)
        {
            device = device.Queued(CommandKind.Custom, Start).Device;
        }

        var decision = DeadlineRules.Act(device, assignment, Start.AddHours(2));

        var steps = decision.Events.Where(e => e.Kind == EventKinds.LadderStepTaken).ToArray();
        Assert.Equal(2, steps.Length);
        Assert.Contains("command_queue_full", steps[0].Detail.ToString(), StringComparison.Ordinal);
        Assert.Null(decision.Device.Compliance.Ladder!.NextAt);
    }

    private static PolicyAssignment Ladder(string steps, int version = 1, DateTimeOffset? storedAt = null) =>
        A.Assignment(A.OsMinimum.Replace("\"rules\"", $"\"onNoncompliance\": [ {steps} ], \"rules\"", StringComparison.Ordinal), version, storedAt);

    private static Device Failing(PolicyAssignment assignment) => CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), assignment, Start).Device;

    /// <summary>Acts whenever the twin says that it is due, as a shard would.</summary>
    private static List<DeviceEvent> LiveThrough(ref Device device, PolicyAssignment assignment, DateTimeOffset from, double hours)
    {
        var events = new List<DeviceEvent>();
        while (device.NextDueAt is { } due && due <= from.AddHours(hours))
        {
            var decision = DeadlineRules.Act(device, assignment, due);
            Assert.NotEqual(due, decision.Device.NextDueAt);
            events.AddRange(decision.Events);
            device = decision.Device;
        }

        return events;
    }
}
