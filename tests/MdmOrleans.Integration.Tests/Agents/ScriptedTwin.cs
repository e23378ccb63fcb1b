using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>The server's end of the wire, played packet by packet by a test.</summary>
internal sealed class ScriptedTwin : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedTwin() => _listener.Start();

    public Uri Endpoint => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The next connection, up to its CONNECT.</summary>
    public async Task<TwinConnection> AcceptAsync()
    {
        var socket = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).Soon();
        var connection = new TwinConnection(socket);
        await connection.ReadConnectAsync();
        return connection;
    }

    /// <summary>The next connection, accepted.</summary>
    public async Task<TwinConnection> AcceptAndGreetAsync()
    {
        var connection = await AcceptAsync();
        await connection.SendAsync(new MqttConnAckPacket());
        return connection;
    }

    public void Dispose() => _listener.Dispose();
}

internal sealed class TwinConnection : IDisposable
{
    private readonly TcpClient _socket;
    private readonly MqttChannelAdapter _packets;

    public TwinConnection(TcpClient socket)
    {
        _socket = socket;
        _packets = new MqttChannelAdapter(
            new MqttTcpChannel(socket.GetStream(), null, null, null),
            new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65535)),
            MqttNetNullLogger.Instance);
    }

    public MqttConnectPacket Connect { get; private set; } = null!; // set in ReadConnectAsync, before anybody has the connection

    public async Task ReadConnectAsync() => Connect = await ReceiveAsync<MqttConnectPacket>();

    public Task SendAsync(MqttPacket packet) => _packets.SendPacketAsync(packet, TestContext.Current.CancellationToken);

    /// <summary>The next packet, which has to be of this type.</summary>
    public async Task<T> ReceiveAsync<T>() where T : MqttPacket =>
        Assert.IsType<T>(await _packets.ReceivePacketAsync(TestContext.Current.CancellationToken).Soon());

    /// <summary>The next check-in, not acknowledged; reports that come before it are.</summary>
    public async Task<(MqttPublishPacket Packet, CheckInMessage Message)> ReceiveCheckInAsync()
    {
        while (true)
        {
            var packet = await ReceiveAsync<MqttPublishPacket>();
            if (packet.Topic.EndsWith("/up/checkin", StringComparison.Ordinal))
            {
                return (packet, Read(packet, ContractsJson.Default.CheckInMessage));
            }

            await AcknowledgeAsync(packet);
        }
    }

    /// <summary>The next report, not acknowledged.</summary>
    public async Task<(MqttPublishPacket Packet, CommandReport Report)> ReceiveReportAsync()
    {
        var packet = await ReceiveAsync<MqttPublishPacket>();
        Assert.Contains("/up/command/", packet.Topic, StringComparison.Ordinal);
        return (packet, Read(packet, ContractsJson.Default.CommandReport));
    }

    /// <summary>Acknowledges what comes until it is a report that is neither received nor executing, which it returns.</summary>
    public async Task<CommandReport> ReceiveFinalReportAsync()
    {
        while (true)
        {
            var packet = await ReceiveAsync<MqttPublishPacket>();
            await AcknowledgeAsync(packet);
            if (packet.Topic.Contains("/up/command/", StringComparison.Ordinal)
                && Read(packet, ContractsJson.Default.CommandReport) is { Status: not (ReportStatusNames.Received or ReportStatusNames.Executing) } report)
            {
                return report;
            }
        }
    }

    public Task AcknowledgeAsync(MqttPublishPacket packet, MqttPubAckReasonCode code = MqttPubAckReasonCode.Success) =>
        SendAsync(new MqttPubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCode = code });

    /// <summary>Receives a check-in, acknowledges and answers it.</summary>
    public async Task<CheckInMessage> AnswerCheckInAsync(int nextCheckInSeconds = 900, params DeliveredCommand[] commands)
    {
        var (packet, message) = await ReceiveCheckInAsync();
        await AcknowledgeAsync(packet);
        await PublishAsync("dn/checkin", AnAnswer.To(message.Rid, nextCheckInSeconds, commands), ContractsJson.Default.CheckInAnswer);
        return message;
    }

    public Task PublishAsync<T>(string channel, T payload, JsonTypeInfo<T> type) =>
        PublishAsync(channel, JsonSerializer.Serialize(payload, type));

    public Task PublishAsync(string channel, string payload) => SendAsync(new MqttPublishPacket
    {
        Topic = $"mdm/v1/acme/tablet-7/{channel}",
        Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
    });

    public void Dispose()
    {
        _packets.Dispose();
        _socket.Dispose();
    }

    private static T Read<T>(MqttPublishPacket packet, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(packet.Payload);
        return JsonSerializer.Deserialize(ref reader, type)!; // no test sends the literal null
    }
}
