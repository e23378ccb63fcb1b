using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Agent.Sdk.CheckIns;
using MdmOrleans.Agent.Sdk.Commands;
using MdmOrleans.Agent.Sdk.Connections;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Sdk;

/// <summary>One device: keeps a connection to its twin, checks in when it is due, and runs the commands that come.</summary>
/// <example><code>
/// using var client = new DeviceClient(options, posture, handler, TimeProvider.System, logger);
/// var end = await client.RunAsync(stop);
/// </code></example>
public sealed partial class DeviceClient : IDisposable
{
    // A server has at most 72 pending and 32 finished commands for a device.
    private const int Remembered = 512;

    // A connection that lasted this long was a good one; until then, the waits go on growing.
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly DeviceClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _root;
    private readonly CommandJournal _journal = new(Remembered);
    private readonly CheckInLoop _checkIns;
    private readonly ReportOutbox _outbox;
    private readonly CommandRunner _commands;
    private TaskCompletionSource _reconnect = new();

    public DeviceClient(DeviceClientOptions options, IPostureSource posture, ICommandHandler handler, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _root = Topics.Root(options.Tenant, options.Device);
        var clock = new ServerClock(time);
        _checkIns = new CheckInLoop(options, posture, clock, time, logger);
        _outbox = new ReportOutbox(options, _journal, time, logger);
        _commands = new CommandRunner(handler, _checkIns, _journal, _outbox, clock, logger);
    }

    /// <summary>Checks in as soon as possible instead of when it is due. Completes with whether that check-in got its verdict.</summary>
    public Task<bool> CheckInAsync(CancellationToken cancellationToken) => _checkIns.RequestAsync(everything: false).WaitAsync(cancellationToken);

    /// <summary>Runs until <paramref name="stop"/>, or until the server will not have this device. Call it once.</summary>
    /// <exception cref="IOException">The journal cannot be read or written.</exception>
    public async Task<DeviceClientEnd> RunAsync(CancellationToken stop)
    {
        if (_options.JournalPath is { } path)
        {
            _journal.Open(path);
        }

        if (_options.ShowsToken)
        {
            LogClear(_options.Endpoint.Host);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var connections = StayConnectedAsync(ending.Token);
        var end = await RunAllAsync(ending, connections, _commands.RunAsync(ending.Token))
            ? await connections
            : new DeviceClientEnd(DeviceClientEndKind.Stopped, null, "The agent was asked to stop.");
        LogEnded(_options.Tenant, _options.Device, end.Message);
        return end;
    }

    public void Dispose() => _journal.Dispose();

    private async Task<DeviceClientEnd> StayConnectedAsync(CancellationToken stop)
    {
        var backOff = new FullJitter(_options.FirstBackOff, _options.LongestBackOff, Random.Shared);
        while (true)
        {
            var openedAt = _time.GetTimestamp();
            var (link, failure) = await DeviceLink.OpenAsync(_options, Receive, _time, _logger, stop);
            if (link is not null)
            {
                failure = await ServeAsync(link, stop);
                if (_time.GetElapsedTime(openedAt) >= Stable)
                {
                    backOff.Reset();
                }
            }

            var end = failure ?? new LinkEnd(null, null);
            _options.Observer.Refused(end.Name);
            if (ReasonCodes.EndOf(end.Code, end.Reason) is { } forGood)
            {
                return forGood;
            }

            var wait = backOff.Next();
            LogBackOff(_options.Endpoint.Authority, end.Text, wait.TotalSeconds);
            await Task.Delay(wait, _time, stop);
        }
    }

    /// <summary>Works over one connection until it ends.</summary>
    private async Task<LinkEnd> ServeAsync(DeviceLink link, CancellationToken stop)
    {
        await using var disposed = link;
        _reconnect = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LogConnected(_options.Tenant, _options.Device, _options.Endpoint.Authority);
        _options.Observer.Connected();

        using var serving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var checkIns = _checkIns.RunAsync(link, serving.Token);
        var reports = _outbox.RunAsync(link, serving.Token);
        await Task.WhenAny(checkIns, reports, link.Ended, _reconnect.Task, Task.Delay(Timeout.InfiniteTimeSpan, _time, serving.Token));
        await RunAllAsync(serving, Task.CompletedTask, checkIns, reports);

        var end = await EndAsync(link);
        _options.Observer.Disconnected(end.Reason ?? end.Name);
        stop.ThrowIfCancellationRequested();
        return end;
    }

    private async Task<LinkEnd> EndAsync(DeviceLink link)
    {
        var byUs = !link.Ended.IsCompleted;
        using var patience = new CancellationTokenSource(Goodbye, _time);
        await link.CloseAsync(patience.Token);

        // The server's DISCONNECT may have failed a publish before it was reported as the end: its reason must not get lost.
        var end = await link.Ended;
        return byUs && end.Code is null ? new LinkEnd(null, _reconnect.Task.IsCompleted ? "asked to reconnect" : "no acknowledgment in time") : end;
    }

    /// <summary>Waits for the first of the tasks, then ends the others. False where all of them were just canceled.</summary>
    private static async Task<bool> RunAllAsync(CancellationTokenSource ending, params Task[] tasks)
    {
        await Task.WhenAny(tasks);
        await ending.CancelAsync();
        try
        {
            await Task.WhenAll(tasks); // throws what failed, before what was canceled
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return tasks[0].IsCompletedSuccessfully;
        }

        return true;
    }

    private void Receive(string topic, ReadOnlySequence<byte> payload)
    {
        if (!topic.StartsWith(_root, StringComparison.Ordinal) || topic.Length <= _root.Length)
        {
            return;
        }

        try
        {
            switch (Topics.ParseChannel(topic.AsSpan(_root.Length + 1), out _))
            {
                case TopicKind.CheckInDown when Read(payload, ContractsJson.Default.CheckInAnswer) is { } answer:
                    _checkIns.OnAnswer(answer);
                    foreach (var command in answer.Commands)
                    {
                        _commands.Offer(command);
                    }

                    break;
                case TopicKind.CommandDown when Read(payload, ContractsJson.Default.DeliveredCommand) is { } command:
                    _commands.Offer(command);
                    break;
                case TopicKind.Error when Read(payload, ContractsJson.Default.ProblemDocument) is { } problem:
                    LogProblem(problem.Code, problem.Topic, problem.Detail);
                    _options.Observer.Refused(problem.Code);
                    _checkIns.OnProblem(problem);
                    break;
                case TopicKind.Control when Read(payload, ContractsJson.Default.ControlMessage) is { } control:
                    Obey(control);
                    break;
            }
        }
        catch (JsonException) // acknowledged all the same: it would not become readable by coming again
        {
            LogUnreadable(topic);
        }
    }

    private void Obey(ControlMessage control)
    {
        switch (control.Action)
        {
            case ControlActionNames.CheckIn:
                _ = _checkIns.RequestAsync(everything: false); // nobody waits for it: the loop does it
                break;
            case ControlActionNames.Reconnect:
                _reconnect.TrySetResult();
                break;
            default:
                LogUnknownAction(control.Action);
                break;
        }
    }

    private static T? Read<T>(ReadOnlySequence<byte> payload, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(payload);
        return JsonSerializer.Deserialize(ref reader, type);
    }
}
