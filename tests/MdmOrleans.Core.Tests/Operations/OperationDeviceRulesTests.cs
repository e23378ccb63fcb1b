using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Core.Tests.Operations;

public sealed class OperationDeviceRulesTests
{
    private static readonly OperationDevice Fresh = new() { Name = "tablet-7" };
    private static readonly CommandRequest Request = A.Command(key: "operation 1");

    [Fact]
    public void A_device_that_never_answers_is_given_up_after_some_minutes()
    {
        var (device, now) = (Fresh, A.Now);
        while (!device.IsFinal)
        {
            device = OperationDeviceRules.Miss(device, now);
            now = device.NotBefore!.Value;
        }

        Assert.Equal((OperationDeviceRules.Unreachable, true), (device.Refusal, device.HasFailed));
        Assert.InRange(now - A.Now, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_store_that_is_away_is_not_the_last_word_of_a_device()
    {
        var away = OperationDeviceRules.Answer(Fresh, Request, ProblemCatalog.Unavailable, A.Now);
        var retired = OperationDeviceRules.Answer(Fresh, Request, ProblemCatalog.DeviceRetired, A.Now);

        Assert.Equal((false, null), (away.IsAsked, away.Refusal));
        Assert.Equal((true, "device_retired", false), (retired.IsFinal, retired.Refusal, retired.HasFailed));
    }

    [Fact]
    public void What_somebody_else_asked_for_is_not_taken_back()
    {
        var (_, command) = A.Device().Queued();

        var shared = OperationDeviceRules.Answer(Fresh, Request, new CommandReceipt(command, WasThere: true), A.Now);
        var own = OperationDeviceRules.Answer(Fresh, Request, new CommandReceipt(command with { IdempotencyKey = "operation 1" }, WasThere: true), A.Now);

        Assert.Equal((false, true), (shared.IsWithdrawable, own.IsWithdrawable));
    }

    [Fact]
    public void An_end_is_not_taken_back_by_what_is_told_again()
    {
        var device = Asked() with { Status = CommandStatus.Canceled };

        Assert.Equal(CommandStatus.Canceled, Hear(device, CommandStatus.Sent).Status);
        Assert.Equal(CommandStatus.CanceledButExecuted, Hear(device, CommandStatus.CanceledButExecuted).Status);
    }

    [Fact]
    public void Only_what_came_after_the_question_is_newly_noncompliant()
    {
        var device = Asked();

        var old = OperationDeviceRules.Hear(device, new OperationNews("tablet-7", A.Now.AddSeconds(-1), null, default, true));
        var fallen = OperationDeviceRules.Hear(device, new OperationNews("tablet-7", A.Now, null, default, true));
        var healed = OperationDeviceRules.Hear(fallen, new OperationNews("tablet-7", A.Now, null, default, false));

        Assert.Equal((false, true, false), (old.HasFailed, fallen.HasFailed, healed.HasFailed));
    }

    private static OperationDevice Asked() =>
        OperationDeviceRules.Answer(Fresh, Request, new CommandReceipt(A.Device().Queued().Command, WasThere: false), A.Now);

    private static OperationDevice Hear(OperationDevice device, CommandStatus status) =>
        OperationDeviceRules.Hear(device, new OperationNews("tablet-7", A.Now, device.Command, status, null));
}
