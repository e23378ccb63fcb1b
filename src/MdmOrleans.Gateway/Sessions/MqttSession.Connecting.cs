using System.Text;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Contracts;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>CONNECT: who it is, whether it may, and what the rules of the connection are.</summary>
internal sealed partial class MqttSession
{
    private const ushort MaximumKeepAlive = 1200;
    private const ushort ReceiveMaximum = 16;
    private const ushort TopicAliasMaximum = 8;

    /// <summary>Where MQTT 3.1.1 has no say, and where MQTT 5 leaves too much of it.</summary>
    private const int DeliveryWindow = 16;

    // Far above what looking a twin up takes.
    private static readonly TimeSpan RefusalTime = TimeSpan.FromMilliseconds(100);

    private static readonly Refusal ShuttingDown = new(ReasonCode.UseAnotherServer, "The gateway is shutting down.");
    private static readonly Refusal Overloaded = new(ReasonCode.ServerBusy, "The server is overloaded. Try again later.");
    private static readonly Refusal Unavailable = new(ReasonCode.ServerUnavailable, "The server cannot answer now; try again later.");

    private static readonly Refusal NotProved =
        new(ReasonCode.BadUserNameOrPassword, "The device does not exist, or the password is not its token.");

    private static readonly Refusal TooManyFailures =
        new(ReasonCode.ConnectionRateExceeded, "Too many connections from this address were refused; try again later.");

    private static readonly Refusal ConnAckTooLarge =
        new(ReasonCode.PacketTooLarge, "The Maximum Packet Size of the client is too small for CONNACK.");

    private int _window;
    private int _enrollment;
    private long _maximumPacket = MaximumPacket;
    private bool _wantsProblems;
    private bool _setsExpiry;
    private bool _hasWill;
    private TimeSpan _patience;

    private ValueTask ConnectAsync(ReadOnlySpan<byte> body, bool isPadded)
    {
        if (!ConnectPacket.TryReadLevel(body, out var level))
        {
            CloseSilently(); // no MQTT: nothing that could be said would be understood
            return ValueTask.CompletedTask;
        }

        if (level is not ((byte)MqttVersion.V311 or (byte)MqttVersion.V5))
        {
            _version = level < (byte)MqttVersion.V5 ? MqttVersion.V311 : MqttVersion.V5;
            return RefuseConnect(new Refusal(
                ReasonCode.UnsupportedProtocolVersion, $"CONNECT has the protocol level {level}; 5 and 4 (MQTT 3.1.1) are supported."));
        }

        _version = (MqttVersion)level;
        var connect = ConnectPacket.Read(body, _version, out var maximumPacket, out var malformed);
        _maximumPacket = Math.Min(maximumPacket, MaximumPacket);
        if (connect is null || (isPadded && _version == MqttVersion.V5))
        {
            return RefuseConnect(malformed ?? FrameReader.PaddedLength);
        }

        _window = Math.Min(connect.ReceiveMaximum, DeliveryWindow);
        _wantsProblems = connect.WantsProblemInformation;
        _setsExpiry = connect.SetsExpiry;
        _hasWill = connect.Will is not null;
        _patience = 1.5 * TimeSpan.FromSeconds(KeepAliveOf(connect));
        return Check(connect, out var claim) switch
        {
            null when !_services.FailedConnects.MayTry(_origin.Address) => RefuseConnect(TooManyFailures),
            null => AskAsync(connect, claim),
            { Code: ReasonCode.BadUserNameOrPassword or ReasonCode.ClientIdentifierNotValid } refusal => RefuseUnproved(refusal),
            { } refusal => RefuseConnect(refusal),
        };
    }

    /// <summary>Null, or what can be refused without asking the twin.</summary>
    private Refusal? Check(ConnectPacket connect, out DeviceClaim claim)
    {
        claim = default;
        if (_services.Registry.IsDraining)
        {
            return ShuttingDown;
        }

        if (_version == MqttVersion.V5 && !CanTakeConnAck(Limits(connect, isTerse: true).Length))
        {
            return ConnAckTooLarge;
        }

        if (DeviceClaim.Read(connect, _origin.TakesTokens, out claim) is { } refusal)
        {
            return refusal;
        }

        return connect.Will switch
        {
            { Retain: true } => new Refusal(ReasonCode.RetainNotSupported, "The will asks to be retained, which is not supported."),
            { QoS: 2 } => new Refusal(ReasonCode.QoSNotSupported, "The will asks for QoS 2; QoS 0 and 1 are supported."),
            { } will when will.Topic != Topics.Will(RootOf(claim.Device)) =>
                new Refusal(ReasonCode.TopicNameInvalid, $"The will topic must be {Topics.Will(RootOf(claim.Device))}."),
            _ => null,
        };
    }

    private async ValueTask AskAsync(ConnectPacket connect, DeviceClaim claim)
    {
        _device = claim.Device;
        _epoch = _services.Propose(_device, Connection);
        _root = Encoding.UTF8.GetBytes(RootOf(_device));
        lock (_gate)
        {
            if (_state != State.Silent)
            {
                return; // a time limit was faster
            }

            _state = State.Connecting;
            HasSpoken = true;
            _services.Registry.AddSpeaking();
        }

        if (!_services.Admission.TryEnter())
        {
            await RefuseConnect(Overloaded);
            return;
        }

        var startedAt = _services.Time.GetTimestamp();
        ConnectReply reply;
        try
        {
            reply = await Sessions.ConnectAsync(new ConnectRequest(claim.Token, _epoch, _services.Gateway), CancellationToken.None);
        }
        catch (Exception e) // whatever it was, the device is told to come back
        {
            CountFailure(e);
            await RefuseConnect(Unavailable);
            return;
        }
        finally
        {
            _services.Admission.Exit();
        }

        switch (reply.Result)
        {
            case ConnectResult.Accepted:
                await Welcome(connect, reply);
                break;
            case ConnectResult.BadCredential when _services.FailedConnects.TryCount(_origin.Address):
                await WaitOutAsync(startedAt);
                await RefuseConnect(NotProved);
                break;
            default:
                await RefuseConnect(ToRefusal(reply.Result));
                break;
        }
    }

    /// <summary>A twin that is awake answers sooner than one that must be looked for, and a name that nobody has is always looked for.</summary>
    private Task WaitOutAsync(long startedAt)
    {
        var left = RefusalTime - _services.Time.GetElapsedTime(startedAt);
        return left > TimeSpan.Zero ? Task.Delay(left, _services.Time) : Task.CompletedTask;
    }

    private ValueTask Welcome(ConnectPacket connect, ConnectReply reply)
    {
        _epoch = reply.Session ?? _epoch;
        _entry = _services.Registry.AddTo(_device, this, out var older);
        using (var batch = _output.Begin())
        {
            if (_state == State.Closed || !batch.IsOpen)
            {
                return ValueTask.CompletedTask;
            }

            WriteWelcome(batch, connect);
            _enrollment = reply.Epoch;
            _state = State.Connected;
            foreach (var command in reply.Commands)
            {
                DeliverOrWait(batch, command);
            }

            DeliverWaiting(batch);
        }

        if (older is not null && reply.Session is not null)
        {
            GatewayService.Close(older, CloseReason.TakenOver); // its twin may have come up again since and not know of it
        }

        _services.Instruments.Connected(ReasonCode.Success);
        LogConnected(_device, _version);
        return WhenReadyAsync();
    }

    private void WriteWelcome(Output.Batch batch, ConnectPacket connect)
    {
        if (_version != MqttVersion.V5)
        {
            PacketWriter.ConnAck(batch.Writer, 0);
            return;
        }

        var limits = Limits(connect, isTerse: false);
        if (!CanTakeConnAck(limits.Length))
        {
            limits = Limits(connect, isTerse: true); // that fits: it was checked before the twin was asked
        }

        PacketWriter.ConnAck(batch.Writer, ReasonCode.Success, limits.Written);
    }

    private bool CanTakeConnAck(int propertiesLength) => PacketWriter.ConnAckSize(propertiesLength) <= _maximumPacket;

    /// <param name="isTerse">Without what a client may assume by default.</param>
    private static ScratchBuffer Limits(ConnectPacket connect, bool isTerse)
    {
        var properties = ScratchFor.Properties();
        if (!isTerse || connect.SetsExpiry)
        {
            PacketWriter.UInt32(properties, PropertyId.SessionExpiryInterval, 0);
        }

        PacketWriter.UInt16(properties, PropertyId.ReceiveMaximum, ReceiveMaximum);
        PacketWriter.Flag(properties, PropertyId.MaximumQoS, 1);
        PacketWriter.Flag(properties, PropertyId.RetainAvailable, 0);
        PacketWriter.UInt32(properties, PropertyId.MaximumPacketSize, MaximumPacket);
        if (!isTerse)
        {
            PacketWriter.UInt16(properties, PropertyId.TopicAliasMaximum, TopicAliasMaximum);
        }

        PacketWriter.Flag(properties, PropertyId.SubscriptionIdentifierAvailable, 0);
        PacketWriter.Flag(properties, PropertyId.SharedSubscriptionAvailable, 0);
        if (connect.KeepAlive != KeepAliveOf(connect))
        {
            PacketWriter.UInt16(properties, PropertyId.ServerKeepAlive, MaximumKeepAlive);
        }

        if (connect.ClientId.Length == 0)
        {
            PacketWriter.Text(properties, PropertyId.AssignedClientIdentifier, connect.UserName ?? string.Empty);
        }

        return properties;
    }

    /// <summary>Whoever it is has proved nothing: it counts for its address.</summary>
    private ValueTask RefuseUnproved(Refusal refusal) =>
        RefuseConnect(_services.FailedConnects.TryCount(_origin.Address) ? refusal : TooManyFailures);

    private ValueTask RefuseConnect(Refusal refusal)
    {
        using (var batch = _output.Begin())
        {
            if (batch.IsOpen && _state != State.Closed)
            {
                WriteRefusal(batch, refusal.Code, refusal.Sentence);
            }
        }

        _services.Instruments.Connected(refusal.Code);
        LogRefused(_device, refusal.Code);
        CloseSilently();
        return ValueTask.CompletedTask;
    }

    /// <summary>A CONNACK that is larger than the client takes is not sent: it sees the connection close.</summary>
    private void WriteRefusal(Output.Batch batch, ReasonCode code, string reason)
    {
        if (_version == MqttVersion.V5)
        {
            var properties = ScratchFor.Properties();
            PacketWriter.Text(properties, PropertyId.ReasonString, reason);
            if (!CanTakeConnAck(properties.Length))
            {
                properties.Clear();
            }

            if (CanTakeConnAck(properties.Length))
            {
                PacketWriter.ConnAck(batch.Writer, code, properties.Written);
            }
        }
        else if (code.ToConnectReturnCode() is { } returnCode)
        {
            PacketWriter.ConnAck(batch.Writer, returnCode);
        }
    }

    private static ushort KeepAliveOf(ConnectPacket connect) =>
        connect.KeepAlive is 0 or > MaximumKeepAlive && connect.Version == MqttVersion.V5 ? MaximumKeepAlive : connect.KeepAlive;

    private static string RootOf(DeviceId device) => Topics.Root(device.Tenant.Name, device.Name);

    private static Refusal ToRefusal(ConnectResult result) => result switch
    {
        ConnectResult.BadCredential => TooManyFailures, // one that still may fail is answered before
        ConnectResult.NotAuthorized => new Refusal(ReasonCode.NotAuthorized, "The identity of the device is revoked."),
        ConnectResult.Banned => new Refusal(ReasonCode.Banned, "The device is retired or wiped."),
        _ => new Refusal(ReasonCode.ServerBusy, "A newer connection of the device was faster; try again."),
    };
}
