using System.Net.WebSockets;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>How a connection ends, and everything that is limited in time.</summary>
internal sealed partial class MqttSession
{
    /// <summary>How long a client may take to take what is still to be sent when its connection ends.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take nothing of what it is sent before it counts as gone.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long what a client still sends is read and thrown away, so that it gets to see why it was cut off.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromMilliseconds(500);

    private long _closedAt;
    private bool _lingers;
    private ConnectionLoss? _loss;

    private void Close(Refusal refusal) => Close(refusal.Code, refusal.Sentence);

    /// <summary>Ends the connection with a code, from any thread, without waiting for anything. The first reason counts.</summary>
    public void Close(ReasonCode code, string reason)
    {
        using (var batch = _output.Begin())
        {
            var was = _state;
            if (was == State.Closed)
            {
                return;
            }

            _state = State.Closed;
            _loss = was == State.Connected ? LossBy(code) : null;
            _lingers = code != ReasonCode.KeepAliveTimeout; // one that is silent sends nothing that could hide the last word
            if (batch.IsOpen && _version == MqttVersion.V5)
            {
                WriteEnd(batch, was, code, reason);
            }
        }

        _services.Instruments.Closed(code);
        LogClosed(_device, code);
        Leave();
    }

    /// <summary>
    /// As <see cref="Close(ReasonCode, string)"/>, as soon as what is being worked on is answered: what ends a connection is often the report on it, and its
    /// acknowledgment comes first. One that has yet to speak hears it then; one that takes nothing is not waited for.
    /// </summary>
    public void CloseAfterWork(ReasonCode code, string reason)
    {
        lock (_gate)
        {
            if (_state == State.Silent)
            {
                return;
            }

            if (_working && _output.IsReady)
            {
                _closeAfterWork = (code, reason);
                return;
            }
        }

        Close(code, reason);
    }

    /// <summary>Enforces the time limits; called four times a second.</summary>
    public void Tick(long now)
    {
        var time = _services.Time;
        switch (_state)
        {
            case State.Silent when time.GetElapsedTime(_origin.AcceptedAt, now) >= ConnectTimeout:
                CloseSilently();
                break;
            case State.Connected when _patience > TimeSpan.Zero && time.GetElapsedTime(Volatile.Read(ref _heardAt), now) >= _patience:
                Close(ReasonCode.KeepAliveTimeout, "The client sent nothing for one and a half times the keep-alive.");
                break;
            case State.Connected when _outbound is { HasWaiting: true } && _output.IsReady:
                DeliverWaiting(); // what had to wait for a client that was slow and has caught up
                break;
            case State.Closed when time.GetElapsedTime(Volatile.Read(ref _closedAt), now) > CloseTimeout:
            case not State.Closed when _output.BlockedFor(now) > SendTimeout:
                _abort();
                break;
        }
    }

    /// <summary>Before CONNACK there is no DISCONNECT; a refusal goes into the CONNACK instead.</summary>
    private void WriteEnd(Output.Batch batch, State was, ReasonCode code, string reason)
    {
        if (was != State.Connected)
        {
            WriteRefusal(batch, ToConnAck(code), reason);
            return;
        }

        var properties = ScratchFor.Properties();
        PacketWriter.Text(properties, PropertyId.ReasonString, reason);
        var fits = properties.Length + PacketWriter.AckOverhead <= _maximumPacket;
        PacketWriter.Disconnect(batch.Writer, code, fits ? properties.Written : []);
    }

    private static ReasonCode ToConnAck(ReasonCode code) => code switch
    {
        ReasonCode.ServerShuttingDown => ReasonCode.UseAnotherServer,
        ReasonCode.SessionTakenOver => ReasonCode.ServerBusy,
        ReasonCode.AdministrativeAction => ReasonCode.Banned,
        _ => code,
    };

    /// <summary>What a connection counts as that the endpoint ends: a client that breaks the protocol has its will published like one that dies.</summary>
    private ConnectionLoss? LossBy(ReasonCode code) => code switch
    {
        ReasonCode.KeepAliveTimeout => ConnectionLoss.KeepAlive,
        ReasonCode.SessionTakenOver or ReasonCode.NotAuthorized or ReasonCode.AdministrativeAction or ReasonCode.ServerShuttingDown => null,
        _ => _hasWill ? ConnectionLoss.Will : null,
    };

    /// <param name="loss">What it counts as when the device was connected; null: as a good end.</param>
    private void CloseSilently(ConnectionLoss? loss = null)
    {
        lock (_gate)
        {
            if (_state == State.Closed)
            {
                return;
            }

            _loss = _state == State.Connected ? loss : null;
            _state = State.Closed;
        }

        Leave();
    }

    private void Leave()
    {
        Volatile.Write(ref _closedAt, _services.Time.GetTimestamp());
        _output.Finish();
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
        }

        _input.CancelPendingRead();
    }

    /// <summary>The reader's last act.</summary>
    private async Task EndAsync()
    {
        CloseSilently(_hasWill ? ConnectionLoss.Will : ConnectionLoss.Socket); // nothing, if something else has ended it already
        if (_entry is not null)
        {
            _entry.Remove(this);
            if (!_services.Registry.IsDraining)
            {
                Start(InboundEnd.Instance); // a gateway that goes down takes its word for all of them with it
            }
        }

        await _output.WhenReadyAsync(); // ends when it was sent, or when a tick aborts the connection
        if (_lingers)
        {
            await LingerAsync();
        }
    }

    private async Task LingerAsync()
    {
        using var limit = new CancellationTokenSource(LingerTime, _services.Time);
        try
        {
            while (true)
            {
                var result = await _input.ReadAsync(limit.Token);
                _input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException)
        {
            return; // long enough, or gone: both are the end
        }
    }
}
