using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class CommandRulesTests
{
    private static readonly DateTimeOffset Now = A.Now;

    [Fact]
    public void A_command_is_queued_and_offered()
    {
        var (device, command) = A.ActiveDevice().Queued();

        Assert.Equal(CommandStatus.Queued, command.Status);
        Assert.Equal(command, Assert.Single(CommandRules.Offer(device, Now)));
    }

    [Fact]
    public void The_same_idempotency_key_returns_the_same_command()
    {
        var (first, receipt) = CommandRules.Enqueue(A.ActiveDevice(), A.Command(key: "k"), Guid.CreateVersion7(Now), Now);

        var (second, again) = CommandRules.Enqueue(first.Device, A.Command(key: "k"), Guid.CreateVersion7(Now), Now.AddMinutes(1));

        Assert.False(second.MustStore);
        Assert.True(again!.WasThere);
        Assert.Equal(receipt!.Command.Id, again.Command.Id);
    }

    [Fact]
    public void A_repeated_report_that_finds_another_command_expired_moves_the_next_deadline()
    {
        var (device, taken) = A.ActiveDevice().Queued();
        device = Report(device, taken, CommandStatus.Received).Device;
        device = CommandRules.Enqueue(device, A.Command() with { ExpiresIn = TimeSpan.FromMinutes(5) }, Guid.CreateVersion7(Now), Now).Decision.Device;
        var late = Now.AddMinutes(6);

        var decision = CommandReportRules.Apply(
            device, new CommandReport { Id = taken.Id, Status = CommandStatus.Received, Epoch = device.Epoch }, late);

        Assert.Equal(CommandStatus.Expired, Assert.Single(decision.Device.Commands.Finished).Status);
        Assert.True(decision.Device.NextDueAt > late);
    }

    [Fact]
    public void An_idempotency_key_cannot_be_used_for_another_request()
    {
        var (first, _) = CommandRules.Enqueue(A.ActiveDevice(), A.Command(key: "k"), Guid.CreateVersion7(Now), Now);

        var (second, _) = CommandRules.Enqueue(first.Device, A.Command(CommandKind.Restart, "k"), Guid.CreateVersion7(Now), Now);

        Assert.Equal(ProblemCatalog.IdempotencyKeyReused, second.Problem);
    }

    [Fact]
    public void The_priority_lane_goes_first_and_each_lane_in_order()
    {
        var device = A.ActiveDevice();
        CommandKind[] kinds = [CommandKind.Message, CommandKind.LostModeOn, CommandKind.Restart, CommandKind.Lock];

        device = kinds.Aggregate(device, (d, kind) => d.Queued(kind).Device);

        Assert.Equal(
            [CommandKind.LostModeOn, CommandKind.Lock, CommandKind.Message, CommandKind.Restart],
            CommandRules.Offer(device, Now).Select(c => c.Kind));
    }

    [Fact]
    public void An_identical_pending_lock_is_returned_instead_of_doubled()
    {
        var (device, command) = A.ActiveDevice().Queued(CommandKind.Lock);

        var (decision, receipt) = CommandRules.Enqueue(device, A.Command(CommandKind.Lock), Guid.CreateVersion7(Now), Now.AddMinutes(1));

        Assert.False(decision.MustStore);
        Assert.Equal(command.Id, receipt!.Command.Id);
    }

    [Fact]
    public void The_queue_holds_64_and_8_more_of_the_reserved_kinds()
    {
        var device = Enumerable.Range(0, CommandQueue.Capacity).Aggregate(A.ActiveDevice(), (d, _) => d.Queued().Device);

        var (refused, _) = CommandRules.Enqueue(device, A.Command(), Guid.CreateVersion7(Now), Now);
        device = Enumerable.Range(0, CommandQueue.ReservedCapacity).Aggregate(device, (d, _) => d.Queued(CommandKind.LostModeOn).Device);
        var (refusedToo, _) = CommandRules.Enqueue(device, A.Command(CommandKind.Wipe), Guid.CreateVersion7(Now), Now);

        Assert.Equal(ProblemCatalog.CommandQueueFull, refused.Problem);
        Assert.Equal(ProblemCatalog.CommandQueueFull, refusedToo.Problem);
    }

    [Fact]
    public void A_command_expires_at_its_instant_and_frees_its_place()
    {
        var (device, command) = A.ActiveDevice().Queued();

        var decision = DeadlineRules.Act(device, A.Assignment(), command.ExpiresAt.AddHours(3));

        var expired = Assert.Single(decision.Device.Commands.Finished);
        Assert.Equal((CommandStatus.Expired, command.ExpiresAt), (expired.Status, expired.UpdatedAt));
        Assert.Contains(decision.Events, e => e.Kind == EventKinds.CommandStatusChanged && e.At == command.ExpiresAt);
    }

    [Fact]
    public void An_expired_command_is_not_offered_even_before_anybody_noticed()
    {
        var (device, command) = A.ActiveDevice().Queued();

        Assert.Empty(CommandRules.Offer(device, command.ExpiresAt));
    }

    [Fact]
    public void A_command_that_the_device_took_is_waited_for_24_hours_longer()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.Received).Device;

        Assert.Empty(DeadlineRules.Act(device, A.Assignment(), command.ExpiresAt.AddHours(23)).Device.Commands.Finished);

        var expired = Assert.Single(DeadlineRules.Act(device, A.Assignment(), command.ExpiresAt.AddHours(24)).Device.Commands.Finished);
        Assert.Equal("noReport", expired.Code);
    }

    [Fact]
    public void Sent_but_unreported_commands_are_offered_again()
    {
        var (device, command) = A.ActiveDevice().Queued();

        device = CommandRules.MarkSent(device, [command.Id], Now).Device;

        var offered = Assert.Single(CommandRules.Offer(device, Now));
        Assert.Equal((CommandStatus.Sent, 1), (offered.Status, offered.Attempts));
    }

    [Fact]
    public void A_report_may_come_before_the_PUBACK_and_skip_states()
    {
        var (device, command) = A.ActiveDevice().Queued();

        device = Report(device, command, CommandStatus.Succeeded).Device;
        var late = CommandRules.MarkSent(device, [command.Id], Now);

        Assert.False(late.MustStore);
        Assert.Equal(CommandStatus.Succeeded, Assert.Single(device.Commands.Finished).Status);
    }

    [Fact]
    public void The_same_report_again_changes_nothing()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.Succeeded).Device;

        var decision = Report(device, command, CommandStatus.Succeeded);

        Assert.False(decision.MustStore);
        Assert.Null(decision.Problem);
    }

    [Fact]
    public void A_report_that_changes_nothing_any_more_is_an_event_and_no_error()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.Succeeded).Device;

        var decision = Report(device, command, CommandStatus.Executing);

        Assert.Null(decision.Problem);
        Assert.Equal(EventKinds.LateCommandReport, Assert.Single(decision.Events).Kind);
        Assert.Equal(CommandStatus.Succeeded, Assert.Single(decision.Device.Commands.Finished).Status);
    }

    [Fact]
    public void A_late_report_on_a_canceled_command_says_that_it_ran()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = CommandRules.Cancel(device, command.Id, "key:admin", Now).Device;

        device = Report(device, command, CommandStatus.Succeeded).Device;

        Assert.Equal(CommandStatus.CanceledButExecuted, Assert.Single(device.Commands.Finished).Status);
    }

    [Fact]
    public void A_report_for_a_command_that_the_device_never_had_is_not_found()
    {
        var (_, command) = A.ActiveDevice().Queued();

        Assert.Equal(ProblemCatalog.CommandNotFound, Report(A.ActiveDevice(), command, CommandStatus.Succeeded).Problem);
    }

    [Fact]
    public void A_new_token_cancels_what_is_pending_and_late_reports_never_apply()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = DeviceRules.IssueToken(device, SecretHash.Of("other"), "key:admin", Now).Device;

        var late = Report(device, command, CommandStatus.Succeeded);

        Assert.Equal(2, device.Epoch);
        Assert.Equal(CommandStatus.Canceled, Assert.Single(late.Device.Commands.Finished).Status);
        Assert.Equal(EventKinds.LateCommandReport, Assert.Single(late.Events).Kind);
    }

    [Fact]
    public void A_final_command_cannot_be_canceled()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.Failed).Device;

        Assert.Equal(ProblemCatalog.CommandFinal, CommandRules.Cancel(device, command.Id, "key:admin", Now).Problem);
    }

    [Fact]
    public void A_reported_wipe_blocks_the_device_and_cancels_the_rest()
    {
        var (device, wipe) = A.ActiveDevice().Queued(CommandKind.Wipe);
        device = device.Queued().Device;

        device = Report(device, wipe, CommandStatus.Succeeded).Device;

        Assert.Equal(LifecycleState.Quarantined, device.Lifecycle);
        Assert.True(device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped));
        Assert.Equal(AccessLevel.Block, device.Access.Level);
        Assert.Empty(device.Commands.Pending);
    }

    [Fact]
    public void A_wipe_supersedes_what_it_makes_pointless_when_it_may_go()
    {
        var (device, message) = A.ActiveDevice().Queued();

        device = device.Queued(CommandKind.Wipe).Device;

        Assert.Equal(CommandKind.Wipe, Assert.Single(device.Commands.Pending).Kind);
        Assert.Equal((message.Id, CommandStatus.Superseded), (device.Commands.Finished[0].Id, device.Commands.Finished[0].Status));
    }

    [Fact]
    public void A_wipe_that_is_held_supersedes_nothing_and_is_not_offered()
    {
        var (device, message) = A.ActiveDevice().Queued();

        var (decision, _) = CommandRules.Enqueue(device, A.Command(CommandKind.Wipe), Guid.CreateVersion7(Now), Now, Judgement.Hold(GovernorRules.TooManyInWindow));

        Assert.Equal(2, decision.Device.Commands.Pending.Length);
        Assert.Equal(message.Id, Assert.Single(CommandRules.Offer(decision.Device, Now)).Id);
    }

    [Fact]
    public void A_command_that_is_not_now_comes_again_later_and_does_not_hold_up_the_rest()
    {
        var (device, first) = A.ActiveDevice().Queued();
        (device, var second) = device.Queued(CommandKind.Restart);

        device = Report(device, first, CommandStatus.NotNow).Device;

        Assert.Equal(second.Id, Assert.Single(CommandRules.Offer(device, Now.AddMinutes(1))).Id);
        Assert.Equal(2, CommandRules.Offer(device, Now.AddMinutes(2)).Length);
    }

    [Fact]
    public void A_delivery_that_is_acknowledged_after_the_device_asked_for_time_does_not_take_that_time_away()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.NotNow).Device;

        device = CommandRules.MarkSent(device, [command.Id], Now.AddMinutes(1)).Device;

        Assert.Equal((CommandStatus.NotNow, 1), (device.Commands.Pending[0].Status, device.Commands.Pending[0].Postponed));
        Assert.Empty(CommandRules.Offer(device, Now.AddMinutes(1)));
        Assert.Single(CommandRules.Offer(device, Now.AddMinutes(2)));
    }

    [Fact]
    public void A_device_that_asks_for_time_again_gets_twice_as_much_and_repeating_itself_gets_it_nothing()
    {
        var (device, command) = A.ActiveDevice().Queued();
        device = Report(device, command, CommandStatus.NotNow).Device;

        Assert.False(Report(device, command, CommandStatus.NotNow).MustStore);
        var again = CommandReportRules.Apply(device, new CommandReport { Id = command.Id, Status = CommandStatus.NotNow }, Now.AddMinutes(2)).Device;

        Assert.Equal((2, Now.AddMinutes(4)), (again.Commands.Pending[0].Postponed, again.Commands.Pending[0].NotBefore));
    }

    [Theory]
    [InlineData(CommandStatus.Received)]
    [InlineData(CommandStatus.Succeeded)]
    public void What_an_older_enrollment_reports_on_a_command_of_this_one_is_recorded_and_never_applied(CommandStatus status)
    {
        var device = DeviceRules.IssueToken(A.ActiveDevice(), SecretHash.Of("other"), "key:admin", Now).Device;
        (device, var command) = device.Queued(CommandKind.Wipe);

        var decision = CommandReportRules.Apply(device, new CommandReport { Id = command.Id, Status = status, Epoch = 1 }, Now);

        Assert.Null(decision.Problem);
        Assert.Equal(EventKinds.LateCommandReport, Assert.Single(decision.Events).Kind);
        Assert.Equal(CommandStatus.Queued, Assert.Single(decision.Device.Commands.Pending).Status);
        Assert.False(decision.Device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped));
    }

    [Fact]
    public void What_an_older_enrollment_tells_is_recorded_and_is_no_sign_of_life()
    {
        var device = DeviceRules.IssueToken(A.ActiveDevice(), SecretHash.Of("other"), "key:admin", Now).Device;

        var decision = EventRules.Tell(device, "doorOpened", Utf8Block.FromText("{}"), 1, EventBudget.DefaultPerDay, Now.AddMinutes(1)).Decision;

        Assert.Equal((EventKinds.LateDeviceReport, "doorOpened"), (Assert.Single(decision.Events).Kind, decision.Events[0].Reason));
        Assert.Equal(device.Seen, decision.Device.Seen);
    }

    [Fact]
    public void A_wipe_that_ran_after_it_expired_counts_all_the_same()
    {
        var (device, wipe) = A.ActiveDevice().Queued(CommandKind.Wipe);
        device = DeadlineRules.Act(device, A.Assignment(), wipe.ExpiresAt).Device;

        device = CommandReportRules.Apply(device, new CommandReport { Id = wipe.Id, Status = CommandStatus.Succeeded }, wipe.ExpiresAt.AddHours(1)).Device;

        Assert.True(device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped));
    }

    [Fact]
    public void Only_the_newest_32_finished_commands_stay_with_the_twin()
    {
        var device = A.ActiveDevice();
        for (var i = 0; i < 40; i++)
        {
            var (queued, command) = device.Queued(at: Now.AddSeconds(i));
            device = Report(queued, command, CommandStatus.Succeeded).Device;
        }

        Assert.Equal(CommandQueue.FinishedCapacity, device.Commands.Finished.Length);
        Assert.True(device.Commands.Finished[0].CreatedAt > device.Commands.Finished[^1].CreatedAt);
    }

    private static Decision Report(Device device, DeviceCommand command, CommandStatus status) =>
        CommandReportRules.Apply(device, new CommandReport { Id = command.Id, Status = status }, Now.AddMinutes(1));
}
