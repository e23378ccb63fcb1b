using System.Globalization;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Delivery;

/// <summary>The server as it ships, with its MQTT endpoint; each test takes devices of its own.</summary>
public sealed class DeliveryFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-delivery-").FullName;
    private int _devices;

    internal ApiHost Host { get; private set; } = null!; // set in InitializeAsync

    internal ApiClient Admin { get; private set; } = null!; // set in InitializeAsync

    internal int Port { get; } = int.Parse(ApiHost.FreePort(), CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync(_directory, "Development", mqttPort: Port);
        Admin = new ApiClient(Host.Address, await Host.ReadAdminKeyAsync());
        Assert.Equal(201, (await Admin.PutAsync("/v1/tenants/acme", """{ "name": "Acme" }""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A new device and the token with which it connects.</summary>
    internal async Task<TestDevice> ADeviceAsync()
    {
        var name = $"d{Interlocked.Increment(ref _devices).ToString(CultureInfo.InvariantCulture)}";
        var created = await Admin.PostAsync("/v1/tenants/acme/devices", $$"""{ "device": "{{name}}" }""");
        return new TestDevice(this, name, created.Text("deviceToken")!);
    }
}

/// <summary>One device, seen from both sides.</summary>
internal sealed class TestDevice(DeliveryFixture server, string name, string token)
{
    public string ClientId => $"acme:{name}";

    public string Token { get; set; } = token;

    public string Path => $"/v1/tenants/acme/devices/{name}";

    public string Topics => $"mdm/v1/acme/{name}";

    public async Task<WireClient> ConnectAsync(byte[]? properties = null)
    {
        var client = await WireClient.OpenAsync(server.Port);
        await client.SendAsync(Packets.Connect(5, ClientId, password: Token, properties: properties));
        var answer = await client.ReadAsync();
        Assert.Equal((0x20, 0), (answer.Header, answer.Body[1]));
        return client;
    }

    /// <returns>The path of the command.</returns>
    public async Task<string> QueueAsync(string body = """{ "kind": "restart" }""")
    {
        var queued = await server.Admin.PostAsync($"{Path}/commands", body);
        Assert.Equal(202, queued.Status);
        return queued.Location!;
    }

    /// <summary>Returns when the command is in this state.</summary>
    public async Task<ApiAnswer> BecomesAsync(string command, string status)
    {
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = await server.Admin.GetAsync(command)).Text("status") == status, $"{command} becomes {status}", TimeSpan.FromSeconds(60));
        return answer!; // it was asked at least once
    }

    public Task ReportAsync(WireClient client, string command, string status) => client.SendAsync(
        Packets.Publish(5, $"{Topics}/up/command/{IdOf(command)}", $$"""{ "status": "{{status}}" }""", packetId: 7));

    public static string IdOf(string command) => command[(command.LastIndexOf('/') + 1)..];
}
