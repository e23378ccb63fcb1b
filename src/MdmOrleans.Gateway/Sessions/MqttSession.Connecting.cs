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

    private int _window;
    private int _enrollment;
    private long _maximumPacket = MaximumPacket;
    private bool _wantsProblems;
    private bool _setsExpiry;
    private TimeSpan _patience;

    private ValueTask ConnectAsync(ReadOnlySpan<byte> body)
    {
        if (!ConnectPacket.TryReadLevel(body, out var level))
        {
            CloseSilently(); // no MQTT: nothing that could be said would be understood
            return ValueTask.CompletedTask;
        }

        if (level is not ((byte)MqttVersion.V311 or (byte)MqttVersion.V5))
        {
            _version = level < (byte)MqttVersion.V5 ? MqttVersion.V311 : MqttVersion.V5;
            return RefuseConnect(ReasonCode.UnsupportedProtocolVersion, "MQTT 5 and 3.1.1 are spoken here.");
        }

        _version = (MqttVersion)level;
        var connect = ConnectPacket.Read(body, _version, out var error);
        if (connect is null)
        {
            return RefuseConnect(error, "CONNECT is not valid.");
        }

        _window = Math.Min(connect.ReceiveMaximum, DeliveryWindow);
        _maximumPacket = Math.Min(connect.MaximumPacketSize, MaximumPacket);
        _wantsProblems = connect.WantsProblemInformation;
        _setsExpiry = connect.SetsExpiry;
        _patience = 1.5 * TimeSpan.FromSeconds(KeepAliveOf(connect));
        var refusal = Check(connect, out var claim, out var reason);
        return refusal == ReasonCode.Success ? AskAsync(connect, claim) : RefuseConnect(refusal, reason);
    }

    /// <summary>Success, or what can be refused without asking the twin.</summary>
    private ReasonCode Check(ConnectPacket connect, out DeviceClaim claim, out string reason)
    {
        claim = default;
        reason = "The gateway is shutting down.";
        if (_services.Registry.IsDraining)
        {
            return ReasonCode.UseAnotherServer;
        }

        var code = DeviceClaim.Read(connect, _tokensAllowed, out claim);
        reason = code switch
        {
            ReasonCode.BadAuthenticationMethod => "There is no extended authentication here: the password is the device's token.",
            ReasonCode.NotAuthorized => "A device token is not taken over a connection that others can read.",
            _ => "The client id and the user name are {tenant}:{device}, and the password is its token.",
        };
        if (code != ReasonCode.Success || connect.Will is not { } will)
        {
            return code;
        }

        reason = "A will goes to up/will of the device, not retained, with QoS 0 or 1.";
        return will.Retain ? ReasonCode.RetainNotSupported
            : will.QoS == 2 ? ReasonCode.QoSNotSupported
            : will.Topic != Topics.Will(RootOf(claim.Device)) ? ReasonCode.TopicNameInvalid
            : ReasonCode.Success;
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
            await RefuseConnect(ReasonCode.ServerBusy, "The server has too much to do; try again later.");
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
            await RefuseConnect(ReasonCode.ServerUnavailable, "The server cannot answer now; try again later.");
            return;
        }
        finally
        {
            _services.Admission.Exit();
        }

        if (reply.Result == ConnectResult.BadCredential)
        {
            await WaitOutAsync(startedAt);
        }

        await (reply.Result == ConnectResult.Accepted ? Welcome(connect, reply) : RefuseConnect(CodeOf(reply.Result), "The device may not connect."));
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

            if (!TryWriteWelcome(batch, connect))
            {
                return Refuse(ReasonCode.PacketTooLarge, "Not even CONNACK is as small as the client wants.");
            }

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

        _services.Instruments.Connected("accepted");
        LogConnected(_device, _version);
        return WhenReadyAsync();
    }

    private bool TryWriteWelcome(Output.Batch batch, ConnectPacket connect)
    {
        if (_version != MqttVersion.V5)
        {
            PacketWriter.ConnAck(batch.Writer, 0);
            return true;
        }

        var limits = Limits(connect);
        if (limits.Length + PacketWriter.AckOverhead > _maximumPacket)
        {
            return false;
        }

        PacketWriter.ConnAck(batch.Writer, ReasonCode.Success, limits.Written);
        return true;
    }

    private static ScratchBuffer Limits(ConnectPacket connect)
    {
        var properties = ScratchFor.Properties();
        PacketWriter.UInt32(properties, PropertyId.SessionExpiryInterval, 0);
        PacketWriter.UInt16(properties, PropertyId.ReceiveMaximum, ReceiveMaximum);
        PacketWriter.Flag(properties, PropertyId.MaximumQoS, 1);
        PacketWriter.Flag(properties, PropertyId.RetainAvailable, 0);
        PacketWriter.UInt32(properties, PropertyId.MaximumPacketSize, MaximumPacket);
        PacketWriter.UInt16(properties, PropertyId.TopicAliasMaximum, TopicAliasMaximum);
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

    private ValueTask RefuseConnect(ReasonCode code, string reason)
    {
        using (var batch = _output.Begin())
        {
            if (batch.IsOpen && _state != State.Closed)
            {
                WriteRefusal(batch, code, reason);
            }
        }

        _services.Instruments.Connected(code.ToString());
        LogRefused(_device, code);
        CloseSilently();
        return ValueTask.CompletedTask;
    }

    private void WriteRefusal(Output.Batch batch, ReasonCode code, string reason)
    {
        if (_version == MqttVersion.V5)
        {
            var properties = ScratchFor.Properties();
            PacketWriter.Text(properties, PropertyId.ReasonString, reason);
            var fits = properties.Length + PacketWriter.AckOverhead <= _maximumPacket;
            PacketWriter.ConnAck(batch.Writer, code, fits ? properties.Written : []);
        }
        else if (code.ToConnectReturnCode() is { } returnCode)
        {
            PacketWriter.ConnAck(batch.Writer, returnCode);
        }
    }

    private static ushort KeepAliveOf(ConnectPacket connect) =>
        connect.KeepAlive is 0 or > MaximumKeepAlive && connect.Version == MqttVersion.V5 ? MaximumKeepAlive : connect.KeepAlive;

    private static string RootOf(DeviceId device) => Topics.Root(device.Tenant.Name, device.Name);

    private static ReasonCode CodeOf(ConnectResult result) => result switch
    {
        ConnectResult.BadCredential => ReasonCode.BadUserNameOrPassword,
        ConnectResult.NotAuthorized => ReasonCode.NotAuthorized,
        ConnectResult.Banned => ReasonCode.Banned,
        _ => ReasonCode.ServerBusy, // a newer session was faster: whoever still wants one tries again
    };
}
