using System.Threading.Channels;
using MdmOrleans.Agent.Sdk.CheckIns;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk.Commands;

/// <summary>Runs commands in the order in which they came, each id once, and reports what becomes of them.</summary>
internal sealed partial class CommandRunner(
    ICommandHandler handler, CheckInLoop checkIns, CommandJournal journal, ReportOutbox outbox, ServerClock clock, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Three lanes, so that neither a lock nor a check-in waits for an update of the system. One that is full refuses:
    // the server offers what was not reported again.
    private readonly Channel<DeliveredCommand> _urgent = Lane();
    private readonly Channel<DeliveredCommand> _ordinary = Lane();
    private readonly Channel<DeliveredCommand> _own = Lane();

    /// <summary>Takes a command that the server offers, however often it does.</summary>
    public void Offer(DeliveredCommand command)
    {
        lock (_gate)
        {
            if (journal.Find(command.Id) is { Report: { } final })
            {
                outbox.Add(command.Id, final); // the server has lost it, or asked before it came
                return;
            }

            if (!_taken.Add(command.Id))
            {
                return;
            }

            if (!LaneOf(command.Kind).Writer.TryWrite(command))
            {
                _taken.Remove(command.Id);
                LogLaneFull(command.Id, command.Kind);
                return;
            }
        }

        outbox.Add(command.Id, new CommandReport(ReportStatusNames.Received));
    }

    /// <summary>Runs until <paramref name="stop"/>, and to the end of what runs then.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        foreach (var entry in journal.Unacknowledged())
        {
            outbox.Add(entry.Id, entry.Report!); // unacknowledged means that there is one
        }

        return Task.WhenAll(
            DrainAsync(_urgent.Reader, RunHandlerAsync, stop),
            DrainAsync(_ordinary.Reader, RunHandlerAsync, stop),
            DrainAsync(_own.Reader, RunOwnAsync, stop));
    }

    private static Channel<DeliveredCommand> Lane() =>
        Channel.CreateBounded<DeliveredCommand>(new BoundedChannelOptions(64) { SingleReader = true });

    private Channel<DeliveredCommand> LaneOf(string kind) => kind switch
    {
        CommandKindNames.Wipe or CommandKindNames.Lock or CommandKindNames.LostModeOn or CommandKindNames.LostModeOff => _urgent,
        CommandKindNames.CheckInNow or CommandKindNames.CollectInventory => _own,
        _ => _ordinary,
    };

    private async Task DrainAsync(ChannelReader<DeliveredCommand> lane, Func<DeliveredCommand, CancellationToken, Task> run, CancellationToken stop)
    {
        while (true)
        {
            var command = await lane.ReadAsync(stop);
            if (command.ExpiresAt is { } end && end <= clock.Now)
            {
                LogExpired(command.Id, command.Kind);
            }
            else
            {
                await run(command, stop);
            }

            lock (_gate)
            {
                _taken.Remove(command.Id);
            }
        }
    }

    private async Task RunHandlerAsync(DeliveredCommand command, CancellationToken stop)
    {
        journal.Begin(command.Id);
        outbox.Add(command.Id, new CommandReport(ReportStatusNames.Executing));
        LogRunning(command.Id, command.Kind);
        CommandOutcome outcome;
        try
        {
            outcome = await handler.RunAsync(command, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogHandlerFailed(e, command.Id, command.Kind);
            outcome = CommandOutcome.Failed("handlerFailed", e.GetType().Name);
        }

        if (outcome.IsFinal)
        {
            journal.Finish(command.Id, outcome.Report);
        }
        else
        {
            journal.Forget(command.Id);
        }

        LogRan(command.Id, command.Kind, outcome.Report.Status, outcome.Report.Code);
        outbox.Add(command.Id, outcome.Report);
    }

    /// <summary>What the agent does by itself. Doing it twice does no harm, so it is written down only when it is done.</summary>
    private async Task RunOwnAsync(DeliveredCommand command, CancellationToken stop)
    {
        var answered = await checkIns.RequestAsync(everything: command.Kind == CommandKindNames.CollectInventory).WaitAsync(stop);
        var report = answered
            ? new CommandReport(ReportStatusNames.Succeeded)
            : new CommandReport(ReportStatusNames.Failed, "checkInFailed", "The check-in was not answered with a verdict.");
        journal.Finish(command.Id, report);
        outbox.Add(command.Id, report);
    }
}
