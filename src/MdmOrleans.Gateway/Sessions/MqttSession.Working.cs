using System.Diagnostics;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>The worker: takes one message after the other to the twin, and writes what comes back.</summary>
internal sealed partial class MqttSession
{
    /// <summary>Most that wait behind the one that is being worked on.</summary>
    private const int MaximumQueued = ReceiveMaximum;

    private const int MaximumQueuedBytes = 64 * 1024;

    private bool _working;
    private Queue<Inbound>? _queue;
    private int _queuedBytes;
    private int _unacknowledged;
    private TaskCompletionSource? _room;
    private (ReasonCode Code, string Reason)? _closeAfterWork;

    /// <summary>False when an MQTT 5 client has more in flight than it was told. 3.1.1 has no such rule: there the reader just waits.</summary>
    private bool TryCountUnacknowledged()
    {
        lock (_gate)
        {
            if (_version == MqttVersion.V5 && _unacknowledged >= ReceiveMaximum)
            {
                return false;
            }

            _unacknowledged++;
            return true;
        }
    }

    /// <summary>Hands over to the worker. Completes when the next packet may be read.</summary>
    private ValueTask AcceptAsync(Inbound item)
    {
        Start(item);
        var room = WhenRoomAsync();
        return room.IsCompletedSuccessfully ? WhenReadyAsync() : AwaitBothAsync(room);
    }

    private async ValueTask AwaitBothAsync(ValueTask room)
    {
        await room;
        await WhenReadyAsync();
    }

    private void Start(Inbound item)
    {
        lock (_gate)
        {
            if (_working)
            {
                (_queue ??= new Queue<Inbound>()).Enqueue(item);
                _queuedBytes += item.Size;
                return;
            }

            _working = true;
        }

        _ = WorkAsync(item);
    }

    private ValueTask WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_queue is null || _state == State.Closed || (_queue.Count < MaximumQueued && _queuedBytes < MaximumQueuedBytes))
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    private async Task WorkAsync(Inbound first)
    {
        try
        {
            for (Inbound? item = first; item is not null; item = Next())
            {
                await WorkOnAsync(item);
                if (!_output.IsReady)
                {
                    await _output.WhenReadyAsync();
                }
            }
        }
        catch (Exception e) // a bug: this connection must not go on as if nothing had happened
        {
            LogBroken(e, _device);
            _abort();
        }
    }

    /// <summary>The next one, or null, and then nobody works.</summary>
    private Inbound? Next()
    {
        (ReasonCode Code, string Reason)? close;
        Inbound? item = null;
        lock (_gate)
        {
            close = _closeAfterWork;
            _closeAfterWork = null;
            if (_queue is not null && _queue.TryDequeue(out item))
            {
                _queuedBytes -= item.Size;
                _room?.TrySetResult();
                _room = null;
            }
            else
            {
                _queue = null;
                _working = false;
            }
        }

        if (close is { } end)
        {
            Close(end.Code, end.Reason);
        }

        return item;
    }

    private ValueTask WorkOnAsync(Inbound item) => item switch
    {
        InboundCheckIn checkIn => CheckInAsync(checkIn),
        InboundRefusal refusal => Refuse(refusal),
        InboundPublish publish => TellAsync(publish),
        InboundSent sent => MarkSentAsync(sent),
        InboundOffer => OfferAgainAsync(),
        _ => TellEndAsync(),
    };

    private ValueTask Refuse(InboundRefusal item)
    {
        Answer(item);
        return ValueTask.CompletedTask;
    }

    private async ValueTask CheckInAsync(InboundCheckIn item)
    {
        if (!_services.Admission.TryEnter())
        {
            Answer(item, GatewayProblems.Overloaded);
            return;
        }

        Outcome<Verdict> outcome;
        try
        {
            outcome = await Twin.CheckInAsync(item.CheckIn, CancellationToken.None);
        }
        catch (Exception e) // timed out, or no silo: the promise cannot be kept, and the device is told so
        {
            CountFailure(e);
            outcome = ProblemCatalog.Unavailable;
        }
        finally
        {
            _services.Admission.Exit();
        }

        if (outcome.Value is { } verdict)
        {
            Answer(item, verdict);
        }
        else
        {
            Answer(item, outcome.Problem ?? ProblemCatalog.Unavailable);
        }
    }

    private async ValueTask TellAsync(InboundPublish item)
    {
        if (!_services.Admission.TryEnter())
        {
            Answer(item, GatewayProblems.Overloaded);
            return;
        }

        Problem? problem;
        try
        {
            problem = await (item switch
            {
                InboundReport report => Commands.ReportAsync(report.Report, CancellationToken.None),
                InboundEvent e => Twin.TellAsync(e.Type, e.Payload, _epoch, _enrollment, CancellationToken.None),
                _ => throw new UnreachableException($"Nobody is told of {item.GetType()}"),
            });
        }
        catch (Exception e) // as above
        {
            CountFailure(e);
            problem = ProblemCatalog.Unavailable;
        }
        finally
        {
            _services.Admission.Exit();
        }

        Answer(item, problem);
    }

    /// <summary>Nothing is lost where this fails: what is not marked is offered again.</summary>
    private ValueTask MarkSentAsync(InboundSent sent) => MentionAsync(() => Commands.MarkSentAsync(sent.Commands, _epoch, CancellationToken.None));

    /// <summary>What the twin still has for the device. What fails here comes with the next check-in.</summary>
    private ValueTask OfferAgainAsync() => MentionAsync(async () =>
    {
        if (await Commands.ListAsync(CancellationToken.None) is { Value: { } commands })
        {
            Offer(commands.Pending);
        }
    });

    /// <summary>A loss is an event; of a good end nothing is kept, since whoever wants to know whether a device is connected asks its gateway.</summary>
    private async ValueTask TellEndAsync()
    {
        if (_loss is not { } loss)
        {
            await MentionAsync(() => Sessions.DisconnectAsync(_epoch, CancellationToken.None));
            return;
        }

        _services.Instruments.Lost(loss);
        if (await _services.Losses.TryEnterAsync())
        {
            try
            {
                await MentionAsync(() => Sessions.LoseAsync(_epoch, loss, CancellationToken.None));
            }
            finally
            {
                _services.Losses.Exit();
            }
        }
        else
        {
            CountFailure(new TimeoutException("A lost connection was not recorded: too many were lost at once."));
        }
    }

    private async ValueTask MentionAsync(Func<Task> call)
    {
        if (!_services.Admission.TryEnter())
        {
            return;
        }

        try
        {
            await call();
        }
        catch (Exception e) // see the callers
        {
            CountFailure(e);
        }
        finally
        {
            _services.Admission.Exit();
        }
    }

    private void CountFailure(Exception e)
    {
        _services.Failures.Add(e);
        LogCallFailed(e, _device);
    }

    private IDeviceCommands Commands => _commands ??= _services.Grains.GetGrain<IDeviceCommands>(_device.ToString());

    private IDeviceSessions Sessions => _services.Grains.GetGrain<IDeviceSessions>(_device.ToString());

    /// <summary>Cached: looking a grain up by its key costs as much as calling it.</summary>
    private IDeviceCheckIns Twin => _checkIns ??= _services.Grains.GetGrain<IDeviceCheckIns>(_device.ToString());
}
