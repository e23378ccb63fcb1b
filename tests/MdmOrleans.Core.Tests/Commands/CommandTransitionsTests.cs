using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class CommandTransitionsTests
{
    // Every pair of a state and a cause. A name: it moves there. '=': nothing happens. 'e': an event. 'r': an event, and it ran. '!': refused.
    private const string Table = """
        .                    onHold          queued     sent       notNow     received   executing  succeeded  failed  rejected  rejectedByGuard  canceled             canceledButExecuted  superseded  expired
        Approve              queued          !          !          !          !          !          !          !       !         !                !                    !                    !           !
        ApproveSilently      succeeded       !          !          !          !          !          !          !       !         !                !                    !                    !           !
        Reject               rejectedByGuard !          !          !          !          !          !          !       !         !                !                    !                    !           !
        Acknowledge          =               sent       =          sent       =          =          =          =       =         =                =                    =                    =           =
        ReportReceived       e               received   received   received   =          e          e          e       e         e                e                    e                    e           e
        ReportExecuting      e               executing  executing  executing  executing  =          e          e       e         e                canceledButExecuted  e                    e           e
        ReportSucceeded      e               succeeded  succeeded  succeeded  succeeded  succeeded  =          e       e         e                canceledButExecuted  e                    r           r
        ReportFailed         e               failed     failed     failed     failed     failed     e          =       e         e                e                    e                    e           e
        ReportRejected       e               rejected   rejected   rejected   rejected   rejected   e          e       =         e                e                    e                    e           e
        ReportNotNow         e               notNow     notNow     notNow     notNow     notNow     e          e       e         e                e                    e                    e           e
        TimeOut              rejectedByGuard expired    expired    expired    expired    expired    =          =       =         =                =                    =                    =           =
        Cancel               canceled        canceled   canceled   canceled   canceled   canceled   !          !       !         !                !                    !                    !           !
        Supersede            superseded      superseded superseded superseded superseded superseded =          =       =         =                =                    =                    =           =
        """;

    [Fact]
    public void Every_cause_does_to_every_state_what_the_domain_says()
    {
        var rows = Table.Split('\n').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();

        Assert.Equal(Enum.GetValues<CommandStatus>().Select(status => status.ToWire()), rows[0][1..]);
        Assert.Equal(Enum.GetNames<CommandCause>().Order(), rows[1..].Select(row => row[0]).Order());
        foreach (var row in rows[1..])
        {
            var cause = Enum.Parse<CommandCause>(row[0]);
            Assert.Equal(row[1..], Enum.GetValues<CommandStatus>().Select(status => Sign(CommandTransitions.Of(status, cause))));
        }
    }

    [Fact]
    public void Nothing_leaves_an_end_but_the_word_that_what_was_canceled_ran()
    {
        var leaving =
            from status in Enum.GetValues<CommandStatus>()
            where status.IsFinal()
            from cause in Enum.GetValues<CommandCause>()
            let step = CommandTransitions.Of(status, cause)
            where step.Status != status || step.Effect == CommandEffect.Move
            select (status, step.Status);

        Assert.Equal((CommandStatus.Canceled, CommandStatus.CanceledButExecuted), Assert.Single(leaving.Distinct()));
    }

    private static string Sign(CommandTransitions.Step step) => step.Effect switch
    {
        CommandEffect.Move => step.Status.ToWire(),
        CommandEffect.Nothing => "=",
        CommandEffect.Record => "e",
        CommandEffect.RecordAsRun => "r",
        _ => "!",
    };
}
