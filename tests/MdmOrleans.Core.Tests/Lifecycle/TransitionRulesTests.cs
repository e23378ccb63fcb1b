using MdmOrleans.Core.Access;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Lifecycle;

public sealed class TransitionRulesTests
{
    private static readonly DateTimeOffset Now = A.Now.AddHours(1);
    private const string Second = "key:second";

    [Fact]
    public void A_lost_device_is_quarantined_and_locked_at_once_and_its_wipe_waits_for_a_person()
    {
        var (decision, _) = Apply(A.ActiveDevice(), LifecycleState.Quarantined, TransitionReason.Lost, GovernorRules.Lost);

        var device = decision.Device;
        Assert.Equal((LifecycleState.Quarantined, QuarantineReasons.Lost), (device.Lifecycle, device.QuarantineReasons));
        Assert.Equal(AccessLevel.Quarantine, device.Access.Level);
        Assert.Equal(CommandKind.Lock, Assert.Single(CommandRules.Offer(device, Now)).Kind);
        Assert.Single(device.Commands.Pending, c => c is { Kind: CommandKind.Wipe, Status: CommandStatus.OnHold });
    }

    [Fact]
    public void Being_found_lifts_the_loss_and_cancels_the_wipe_that_was_not_sent()
    {
        var lost = Apply(A.ActiveDevice(), LifecycleState.Quarantined, TransitionReason.Stolen, GovernorRules.Lost).Decision.Device;

        var found = Apply(lost, LifecycleState.Active, TransitionReason.Found).Decision.Device;

        Assert.Equal(LifecycleState.Active, found.Lifecycle);
        Assert.Single(found.Commands.Finished, c => c is { Kind: CommandKind.Wipe, Status: CommandStatus.Canceled });
    }

    [Fact]
    public void Lifting_one_reason_leaves_the_others()
    {
        var device = Apply(A.ActiveDevice(), LifecycleState.Quarantined, TransitionReason.Operator).Decision.Device;
        device = Apply(device, LifecycleState.Quarantined, TransitionReason.Lost, GovernorRules.Lost).Decision.Device;

        var (decision, _) = Apply(device, LifecycleState.Active, TransitionReason.Found);

        Assert.Null(decision.Problem);
        Assert.Equal((LifecycleState.Quarantined, QuarantineReasons.Operator), (decision.Device.Lifecycle, decision.Device.QuarantineReasons));
    }

    [Fact]
    public void A_device_that_never_checked_in_goes_back_to_provisioned()
    {
        var device = Apply(A.Device(), LifecycleState.Quarantined, TransitionReason.Operator).Decision.Device;

        Assert.Equal(LifecycleState.Provisioned, Apply(device, LifecycleState.Active, TransitionReason.Operator).Decision.Device.Lifecycle);
    }

    [Fact]
    public void Asking_for_what_already_is_so_changes_nothing_and_is_no_error()
    {
        var device = Apply(A.ActiveDevice(), LifecycleState.Quarantined, TransitionReason.Operator).Decision.Device;

        var (decision, _) = Apply(device, LifecycleState.Quarantined, TransitionReason.Operator);

        Assert.Null(decision.Problem);
        Assert.False(decision.MustStore);
    }

    [Theory]
    [InlineData(LifecycleState.Quarantined, TransitionReason.Found)]
    [InlineData(LifecycleState.Quarantined, TransitionReason.Disposed)]
    [InlineData(LifecycleState.Active, TransitionReason.Lost)]
    [InlineData(LifecycleState.Provisioned, TransitionReason.Operator)]
    [InlineData(LifecycleState.Retired, TransitionReason.Lost)]
    public void A_move_that_makes_no_sense_is_refused(LifecycleState to, TransitionReason reason)
    {
        Assert.Equal("transition_not_allowed", Apply(A.ActiveDevice(), to, reason).Decision.Problem?.Code);
    }

    [Fact]
    public void A_refused_move_lists_the_moves_that_are_possible()
    {
        var problem = Apply(A.ActiveDevice(), LifecycleState.Active, TransitionReason.Lost).Decision.Problem;

        Assert.EndsWith("It can go to Quarantined (operator, lost, stolen) or Retired (operator, disposed).", problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_cannot_lift_what_compliance_put_there()
    {
        var device = CheckIns.Failing(A.ActiveDevice(), Now.AddHours(60));

        Assert.Equal("transition_not_allowed", Apply(device, LifecycleState.Active, TransitionReason.Operator).Decision.Problem?.Code);
    }

    [Fact]
    public void Retiring_is_final_cancels_the_rest_and_leaves_one_last_command()
    {
        var (device, _) = A.ActiveDevice().Queued();

        device = Apply(device, LifecycleState.Retired, TransitionReason.Disposed).Decision.Device;

        Assert.Equal((LifecycleState.Retired, AccessLevel.Block), (device.Lifecycle, device.Access.Level));
        var last = Assert.Single(device.Commands.Pending);
        Assert.Equal((CommandKind.Retire, DateTimeOffset.MaxValue), (last.Kind, last.ExpiresAt));
        Assert.Equal(ProblemCatalog.DeviceRetired, Apply(device, LifecycleState.Active, TransitionReason.Operator).Decision.Problem);
    }

    [Fact]
    public void A_retirement_that_is_held_leaves_the_device_as_it_was_until_a_person_approves()
    {
        var (decision, hold) = Apply(A.ActiveDevice(), LifecycleState.Retired, TransitionReason.Disposed, GovernorRules.TooManyInWindow);
        Assert.Equal(LifecycleState.Active, decision.Device.Lifecycle);

        var approved = HoldRules.Approve(decision.Device, hold!.Id, Second, TimeSpan.Zero, Now.AddHours(1));

        Assert.Equal(LifecycleState.Retired, approved.Device.Lifecycle);
        Assert.Equal(CommandStatus.Queued, Assert.Single(approved.Device.Commands.Pending).Status);
    }

    [Fact]
    public void A_hold_is_not_approved_before_the_hold_window_of_the_tenant_is_over()
    {
        var (decision, hold) = Apply(A.ActiveDevice(), LifecycleState.Retired, TransitionReason.Disposed, GovernorRules.HoldWindow);

        Assert.Equal(ProblemCatalog.HoldTooEarly, HoldRules.Approve(decision.Device, hold!.Id, Second, TimeSpan.FromHours(1), Now.AddMinutes(59)).Problem);
        Assert.Null(HoldRules.Approve(decision.Device, hold.Id, Second, TimeSpan.FromHours(1), Now.AddHours(1)).Problem);
    }

    [Fact]
    public void A_loss_behind_a_wipe_that_has_just_expired_asks_the_governor_again()
    {
        var (device, _) = A.ActiveDevice().Queued(CommandKind.Wipe, A.Now);
        var later = A.Now.AddDays(91); // nobody has told the twin yet that its wipe expired a day ago
        var lost = new TransitionRequest(LifecycleState.Quarantined, TransitionReason.Lost, null, "key:admin");

        Assert.False(TransitionRules.NeedsGovernor(device, lost, Now));
        Assert.True(TransitionRules.NeedsGovernor(device, lost, later));
    }

    [Fact]
    public void A_wipe_that_nobody_judged_is_held()
    {
        var lost = new TransitionRequest(LifecycleState.Quarantined, TransitionReason.Lost, null, "key:admin");

        var (decision, _) = TransitionRules.Apply(A.ActiveDevice(), lost, TransitionIds.At(Now), RetirementAction.Retire, default, Now);

        var wipe = Assert.Single(decision.Device.Commands.Pending, command => command.Kind == CommandKind.Wipe);
        Assert.Equal((CommandStatus.OnHold, Judgement.NotJudged), (wipe.Status, wipe.Reason));
    }

    [Fact]
    public void A_pass_lets_no_other_command_go()
    {
        var lost = new TransitionRequest(LifecycleState.Quarantined, TransitionReason.Lost, null, "key:admin");
        var ofAnother = Judgement.Pass(Guid.CreateVersion7(Now));

        var (decision, _) = TransitionRules.Apply(A.ActiveDevice(), lost, TransitionIds.At(Now), RetirementAction.Retire, ofAnother, Now);

        Assert.Single(decision.Device.Commands.Pending, command => command is { Kind: CommandKind.Wipe, Status: CommandStatus.OnHold });
    }

    [Fact]
    public void A_retirement_whose_hold_has_just_run_out_is_asked_for_again()
    {
        var (held, hold) = Apply(A.ActiveDevice(), LifecycleState.Retired, TransitionReason.Disposed, GovernorRules.TooManyInWindow);
        var later = Now.AddDays(30);
        var dispose = new TransitionRequest(LifecycleState.Retired, TransitionReason.Disposed, null, "key:admin");

        Assert.True(TransitionRules.NeedsGovernor(held.Device, dispose, later));
        var (again, second) = TransitionRules.Apply(
            held.Device, dispose, TransitionIds.At(later), RetirementAction.Retire, Judgement.Hold(GovernorRules.TooManyInWindow), later);

        Assert.NotEqual(hold!.Id, second!.Id);
        Assert.Equal(CommandStatus.OnHold, Assert.Single(again.Device.Commands.Pending).Status);
    }

    [Fact]
    public void An_undecided_hold_is_rejected_after_30_days()
    {
        var (decision, _) = Apply(A.ActiveDevice(), LifecycleState.Quarantined, TransitionReason.Lost, GovernorRules.Lost);

        var later = DeadlineRules.Act(decision.Device, A.Assignment(), Now.AddDays(31));

        var wipe = Assert.Single(later.Device.Commands.Finished, c => c.Kind == CommandKind.Wipe);
        Assert.Equal((CommandStatus.RejectedByGuard, Now.AddDays(30)), (wipe.Status, wipe.UpdatedAt));
    }

    /// <param name="heldBecause">Null: the governor lets it pass.</param>
    private static (Decision Decision, DeviceCommand? Hold) Apply(
        Device device, LifecycleState to, TransitionReason reason, string? heldBecause = null)
    {
        var ids = TransitionIds.At(Now);
        var judgement = heldBecause is null ? Judgement.Pass(ids.First) : Judgement.Hold(heldBecause);
        return TransitionRules.Apply(device, new TransitionRequest(to, reason, null, "key:admin"), ids, RetirementAction.Retire, judgement, Now);
    }

    private static class CheckIns
    {
        public static Device Failing(Device device, DateTimeOffset until)
        {
            var failing = Core.CheckIns.CheckInRules.Accept(device, A.CheckIn("15.0"), A.Assignment(), A.Now.AddMinutes(1)).Device;
            return DeadlineRules.Act(failing, A.Assignment(), until).Device;
        }
    }
}
