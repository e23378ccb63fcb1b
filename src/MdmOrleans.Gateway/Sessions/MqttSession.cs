using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>One connection of one device, from the first byte to the last.</summary>
/// <remarks>
/// Three kinds of callers meet here: the reader (<see cref="RunAsync"/>), the worker that takes what was read to the twin, one message after
/// the other, and outsiders that push commands or end the session. What they share is guarded by one lock. Everything that a connection may
/// never need is made when it is needed: most connections are idle most of the time.
/// </remarks>
internal sealed partial class MqttSession
{
    /// <summary>Largest packet either way, header included.</summary>
    public const int MaximumPacket = 65_536;

    /// <summary>Largest CONNECT.</summary>
    private const int MaximumConnect = 4096;

    private readonly Lock _gate = new();
    private readonly SessionServices _services;
    private readonly PipeReader _input;
    private readonly Output _output;
    private readonly Action _abort;
    private readonly ConnectionOrigin _origin;
    private readonly ILogger _logger;

    private State _state;
    private MqttVersion _version;
    private DeviceId _device;
    private SessionEpoch _epoch;
    private byte[] _root = [];
    private DeviceEntry? _entry;
    private IDeviceCheckIns? _checkIns;
    private IDeviceCommands? _commands;
    private long _heardAt;

    /// <param name="abort">Ends the connection at once; may be called at any time, from any thread, more than once.</param>
    public MqttSession(SessionServices services, IDuplexPipe transport, Action abort, ConnectionOrigin origin)
    {
        _services = services;
        _input = transport.Input;
        _abort = abort;
        _origin = origin;
        _logger = services.Logger;
        _output = new Output(transport.Output, _gate, services.Time, abort);
    }

    private enum State
    {
        /// <summary>Nothing but CONNECT may come.</summary>
        Silent,

        /// <summary>The twin is asked.</summary>
        Connecting,
        Connected,

        /// <summary>Nothing is read or written any more.</summary>
        Closed,
    }

    /// <summary>Names the connection among all that there are and were.</summary>
    public long Connection { get; } = Random.Shared.NextInt64();

    /// <summary>Whether it has sent a CONNECT that was worth asking its twin about.</summary>
    public bool HasSpoken { get; private set; }

    public SessionEpoch Epoch => _epoch;

    public bool IsOf(DeviceId device) => _device == device && _state != State.Closed;

    public bool IsConnectedFor(TenantId tenant) => _state == State.Connected && _device.Tenant == tenant;

    /// <summary>Completes when the connection may be torn down.</summary>
    public async Task RunAsync()
    {
        _services.Registry.Add(this);
        try
        {
            await ReadAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or WebSocketException)
        {
            LogLost(e, _device); // a client that goes without a word is an everyday thing
        }
        finally
        {
            await EndAsync();
            _services.Registry.Remove(this, _abort);
        }
    }

    private async Task ReadAsync()
    {
        while (_state != State.Closed)
        {
            var result = await _input.ReadAsync();
            var buffer = result.Buffer;
            try
            {
                while (_state != State.Closed && TryReadFrame(ref buffer, out var frame))
                {
                    await HandleAsync(frame);
                }
            }
            finally
            {
                _input.AdvanceTo(buffer.Start, buffer.End);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private bool TryReadFrame(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        var limit = _state == State.Silent ? MaximumConnect : MaximumPacket;
        if (FrameReader.TryRead(ref buffer, limit, out frame, out var refusal) == FrameStatus.Complete)
        {
            return true;
        }

        if (refusal is not null)
        {
            Close(refusal);
        }

        return false;
    }

    /// <summary>One packet. Completes when the next one may be read, which is at once unless too much is under way.</summary>
    private ValueTask HandleAsync(Frame frame)
    {
        Volatile.Write(ref _heardAt, _services.Time.GetTimestamp());
        if (frame.Body.IsSingleSegment)
        {
            return Dispatch(frame.Header, frame.Body.FirstSpan, frame.IsPadded);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)frame.Body.Length);
        try
        {
            frame.Body.CopyTo(copy);
            return Dispatch(frame.Header, copy.AsSpan(0, (int)frame.Body.Length), frame.IsPadded);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>Reads the packet before it returns: <paramref name="body"/> is gone when the task completes.</summary>
    private ValueTask Dispatch(byte header, ReadOnlySpan<byte> body, bool isPadded)
    {
        var type = (PacketType)(header >> 4);
        if (_state == State.Silent)
        {
            return type == PacketType.Connect
                ? ConnectAsync(body, isPadded)
                : Refuse(ReasonCode.ProtocolError, "The first packet must be CONNECT.");
        }

        if (isPadded && _version == MqttVersion.V5)
        {
            Close(FrameReader.PaddedLength);
            return ValueTask.CompletedTask;
        }

        switch (type)
        {
            case PacketType.Publish:
                return Publish(header, body);
            case PacketType.PubAck:
                Acknowledge(body);
                break;
            case PacketType.PingReq:
                Ping(body);
                break;
            case PacketType.Subscribe:
                Subscribe(body);
                break;
            case PacketType.Unsubscribe:
                Unsubscribe(body);
                break;
            case PacketType.Disconnect:
                Disconnect(body);
                break;
            default:
                Close(ReasonCode.ProtocolError, type == PacketType.Connect ? "CONNECT was sent twice." : $"A client does not send {type.ToText()} here.");
                break;
        }

        return WhenReadyAsync();
    }

    private ValueTask Refuse(ReasonCode code, string reason)
    {
        Close(code, reason);
        return ValueTask.CompletedTask;
    }

    private ValueTask Refuse(Refusal refusal) => Refuse(refusal.Code, refusal.Sentence);

    /// <summary>Reading goes on only while the client takes what it is sent.</summary>
    private ValueTask WhenReadyAsync() => _output.IsReady ? ValueTask.CompletedTask : new ValueTask(_output.WhenReadyAsync());

    private void Ping(ReadOnlySpan<byte> body)
    {
        if (!body.IsEmpty)
        {
            Close(ReasonCode.MalformedPacket, "PINGREQ has a body.");
            return;
        }

        TryTakeMessage(out var isFlood);
        using (var batch = _output.Begin())
        {
            if (batch.IsOpen)
            {
                PacketWriter.PingResp(batch.Writer);
            }
        }

        if (isFlood)
        {
            CloseFlood();
        }
    }

    private void Disconnect(ReadOnlySpan<byte> body)
    {
        var refusal = DisconnectPacket.Read(body, _version, out var disconnect);
        if (refusal is null && disconnect.SetsExpiry && !_setsExpiry)
        {
            refusal = new Refusal(ReasonCode.ProtocolError, "DISCONNECT sets a Session Expiry Interval although CONNECT set none.");
        }

        if (refusal is not null)
        {
            Close(refusal);
        }
        else
        {
            CloseSilently(disconnect.WithWill ? ConnectionLoss.Will : null);
        }
    }
}
