using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Commands;
using MQTTnet;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>The SDK against a broker, with the twin played by another client of it: the packets are those of the standard, not only ours.</summary>
public sealed class MosquittoTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = ACertificate("localhost");
    private readonly Channel<MqttApplicationMessage> _heard = Channel.CreateUnbounded<MqttApplicationMessage>();
    private readonly IMqttClient _twin = new MqttClientFactory().CreateMqttClient();
    private Mosquitto _broker = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _broker = await Mosquitto.StartAsync((_certificate.ExportCertificatePem(), _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())); // it has one
        _twin.ApplicationMessageReceivedAsync += async message => await _heard.Writer.WriteAsync(message.ApplicationMessage);
        await _twin.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _broker.Plain.Port).Build(), TestContext.Current.CancellationToken);
        await _twin.SubscribeAsync("mdm/v1/acme/tablet-7/up/#", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _twin.Dispose();
        await _broker.DisposeAsync();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("mqtt", false)]
    [InlineData("mqtt", true)]
    [InlineData("mqtts", false)]
    [InlineData("ws", false)]
    [InlineData("ws", true)]
    public async Task A_device_checks_in_and_runs_a_command(string scheme, bool mqtt311)
    {
        var endpoint = scheme switch { "mqtts" => _broker.Tls, "ws" => _broker.WebSocket, _ => _broker.Plain };
        await using var device = new ADevice(endpoint, mqtt311: mqtt311, subscribe: true, roots: [_certificate]);

        var checkIn = Read(await HearAsync("/up/checkin"), ContractsJson.Default.CheckInMessage);
        var answer = AnAnswer.To(checkIn.Rid, 900, new DeliveredCommand("c1", CommandKindNames.Lock, JsonElement.Parse("{}")));
        await _twin.PublishStringAsync(
            "mdm/v1/acme/tablet-7/dn/checkin", JsonSerializer.Serialize(answer, ContractsJson.Default.CheckInAnswer),
            MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(answer.Compliance, (await device.Answers.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon()).Compliance);
        while (Read(await HearAsync("/up/command/c1"), ContractsJson.Default.CommandReport).Status != ReportStatusNames.Succeeded)
        {
        }

        Assert.Equal(["c1"], device.Ran);
    }

    [Fact]
    public async Task A_server_with_a_certificate_that_is_not_trusted_is_not_spoken_to()
    {
        using var another = ACertificate("localhost");
        await using var device = new ADevice(_broker.Tls, subscribe: true, roots: [another]);

        Assert.Equal("unreachable", await device.Refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon());
    }

    [Fact]
    public async Task A_server_with_a_certificate_for_another_name_is_not_spoken_to()
    {
        var byAddress = new UriBuilder(_broker.Tls) { Host = "127.0.0.1" }.Uri;
        await using var device = new ADevice(byAddress, subscribe: true, roots: [_certificate]);

        Assert.Equal("unreachable", await device.Refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon());
    }

    [Fact]
    public async Task A_device_that_is_stopped_leaves_no_will()
    {
        await using (var device = new ADevice(_broker.Plain, subscribe: true))
        {
            await HearAsync("/up/checkin");
        }

        await using var again = new ADevice(_broker.Plain, subscribe: true);

        Assert.EndsWith("/up/checkin", (await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon()).Topic, StringComparison.Ordinal);
    }

    private async Task<MqttApplicationMessage> HearAsync(string channel)
    {
        while (true)
        {
            var message = await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon();
            if (message.Topic.EndsWith(channel, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    private static T Read<T>(MqttApplicationMessage message, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(message.Payload.ToArray(), type)!; // no test sends the literal null

    private static X509Certificate2 ACertificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
