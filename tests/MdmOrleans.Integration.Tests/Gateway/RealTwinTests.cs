using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using MdmOrleans.Integration.Tests.Hosting;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>Another implementation of MQTT against the real server with its real twins.</summary>
public sealed class RealTwinTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServerProcess _server = fixture.Server;

    [Theory]
    [InlineData("tcp", MqttProtocolVersion.V311)]
    [InlineData("tcp", MqttProtocolVersion.V500)]
    [InlineData("tls", MqttProtocolVersion.V500)]
    [InlineData("ws", MqttProtocolVersion.V311)]
    [InlineData("ws", MqttProtocolVersion.V500)]
    public async Task A_device_checks_in_over_every_listener(string listener, MqttProtocolVersion version)
    {
        var device = $"{listener}-{version}";
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, device);
        await using var client = await DeviceClient.ConnectAsync(_server, device, token, listener, version);

        await client.PublishAsync("up/checkin", CheckInTests.Payload);
        var answer = await client.NextAsync();

        Assert.Equal($"mdm/v1/acme/{device}/dn/checkin", answer.Topic);
        Assert.Equal("Active", JsonDocument.Parse(answer.Payload).RootElement.GetProperty("lifecycle").GetString());
    }

    [Fact]
    public async Task Of_two_sessions_the_newer_one_wins_and_the_older_changes_nothing_by_going()
    {
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "fought-over");
        await using var older = await DeviceClient.ConnectAsync(_server, "fought-over", token);

        await using var newer = await DeviceClient.ConnectAsync(_server, "fought-over", token);
        var reason = await older.DisconnectedAsync();
        await newer.PublishAsync("up/checkin", CheckInTests.Payload);
        await newer.NextAsync();

        Assert.Equal(MqttClientDisconnectReason.SessionTakenOver, reason);
        Assert.True((await _server.Api.TwinAsync(ServerFixture.Tenant, "fought-over")).Connected);
    }

    [Fact]
    public async Task A_queued_command_reaches_a_connected_device_at_once()
    {
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "listening");
        await using var client = await DeviceClient.ConnectAsync(_server, "listening", token);

        var command = await _server.Api.QueueCommandAsync(ServerFixture.Tenant, "listening");
        var delivery = await client.NextAsync();

        Assert.Equal($"mdm/v1/acme/listening/dn/command/{command.Id}", delivery.Topic);
    }

    [Fact]
    public async Task A_credential_that_is_revoked_ends_its_session_within_a_second()
    {
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "revoked");
        await using var client = await DeviceClient.ConnectAsync(_server, "revoked", token);

        var since = Stopwatch.GetTimestamp();
        var next = await _server.Api.IssueTokenAsync(ServerFixture.Tenant, "revoked");
        var reason = await client.DisconnectedAsync();

        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, reason);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 1);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await DeviceClient.RefusalAsync(_server, "revoked", token));
        await using var again = await DeviceClient.ConnectAsync(_server, "revoked", next);
    }

    [Fact]
    public async Task A_device_that_does_not_exist_and_a_wrong_token_get_the_same_answer()
    {
        await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "exists");

        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await DeviceClient.RefusalAsync(_server, "exists", "wrong"));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await DeviceClient.RefusalAsync(_server, "does-not-exist", "wrong"));
    }

    [Fact]
    public async Task A_repeated_message_is_answered_and_changes_nothing_twice()
    {
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "repeating");
        await using var client = await DeviceClient.ConnectAsync(_server, "repeating", token);
        const string Message = """{"boot":"b","seq":1,"platform":"linux","osVersion":"12","encryptionStatus":"unknown"}""";

        await client.PublishAsync("up/checkin", Message);
        await client.NextAsync();
        var before = await _server.Api.TwinAsync(ServerFixture.Tenant, "repeating");
        await client.PublishAsync("up/checkin", Message.Replace("12", "13", StringComparison.Ordinal));
        await client.NextAsync();
        var after = await _server.Api.TwinAsync(ServerFixture.Tenant, "repeating");

        Assert.Equal((before.Version, "12"), (after.Version, after.OsVersion));
    }

    [Fact]
    public async Task A_command_of_another_device_cannot_be_reported_on()
    {
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "nosy");
        await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, "owner");
        var command = await _server.Api.QueueCommandAsync(ServerFixture.Tenant, "owner");
        await using var client = await DeviceClient.ConnectAsync(_server, "nosy", token);

        Assert.Equal(MqttClientPublishReasonCode.TopicNameInvalid, await client.PublishAsync($"up/command/{command.Id}", """{"status":"succeeded"}"""));
        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, await client.PublishAsync($"up/command/{command.Id}", """{"status":"done"}"""));
        Assert.Equal("queued", (await _server.Api.CommandAsync(ServerFixture.Tenant, "owner", command.Id.ToString())).Status);
    }

    /// <summary>MQTTnet's client as one device.</summary>
    private sealed class DeviceClient : IAsyncDisposable
    {
        private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
        private readonly Channel<(string Topic, string Payload)> _messages = Channel.CreateUnbounded<(string, string)>();
        private readonly TaskCompletionSource<MqttClientDisconnectReason> _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly string _root;

        private DeviceClient(string device)
        {
            _root = $"mdm/v1/acme/{device}/";
            _client.ApplicationMessageReceivedAsync += e =>
            {
                _messages.Writer.TryWrite((e.ApplicationMessage.Topic, Encoding.UTF8.GetString(e.ApplicationMessage.Payload)));
                return Task.CompletedTask;
            };
            _client.DisconnectedAsync += e =>
            {
                _disconnected.TrySetResult(e.Reason);
                return Task.CompletedTask;
            };
        }

        public static async Task<DeviceClient> ConnectAsync(
            ServerProcess server, string device, string token, string listener = "tcp", MqttProtocolVersion version = MqttProtocolVersion.V500)
        {
            var client = new DeviceClient(device);
            var result = await client._client.ConnectAsync(Options(server, device, token, listener, version), TestContext.Current.CancellationToken);
            Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
            return client;
        }

        public static async Task<MqttClientConnectResultCode> RefusalAsync(ServerProcess server, string device, string token)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            return (await client.ConnectAsync(Options(server, device, token, "tcp", MqttProtocolVersion.V500), TestContext.Current.CancellationToken)).ResultCode;
        }

        public async Task<MqttClientPublishReasonCode> PublishAsync(string channel, string payload)
        {
            var message = new MqttApplicationMessageBuilder()
                .WithTopic(_root + channel).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
            return (await _client.PublishAsync(message, TestContext.Current.CancellationToken)).ReasonCode;
        }

        public async Task<(string Topic, string Payload)> NextAsync() =>
            await _messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

        public Task<MqttClientDisconnectReason> DisconnectedAsync() => _disconnected.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }

        private static MqttClientOptions Options(ServerProcess server, string device, string token, string listener, MqttProtocolVersion version)
        {
            var options = new MqttClientOptionsBuilder()
                .WithClientId($"acme:{device}").WithCredentials($"acme:{device}", token).WithProtocolVersion(version);
            return (listener switch
            {
                "tls" => options.WithTcpServer("127.0.0.1", server.TlsPort).WithTlsOptions(tls => tls.UseTls()
                    .WithCertificateValidationHandler(e => e.Certificate.Subject.StartsWith("CN=MdmOrleans", StringComparison.Ordinal))),
                "ws" => options.WithWebSocketServer(web => web.WithUri($"ws://127.0.0.1:{server.HttpPort}/mqtt")),
                _ => options.WithTcpServer("127.0.0.1", server.MqttPort),
            }).Build();
        }
    }
}
