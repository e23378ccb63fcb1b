using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Delivery;

/// <summary>An operation over devices that are connected.</summary>
public sealed class OperationTests(DeliveryFixture server) : IClassFixture<DeliveryFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_wave_whose_devices_report_failures_is_the_last_one_until_a_person_goes_on()
    {
        var devices = new List<TestDevice>();
        for (var i = 0; i < 6; i++)
        {
            devices.Add(await server.ADeviceAsync());
        }

        var clients = await Task.WhenAll(devices.Select(device => device.ConnectAsync()));
        var reports = devices.Zip(clients, FailAsync).ToArray();
        var names = string.Join(", ", devices.Select(device => $"\"{device.Path.Split('/')[^1]}\""));
        var operation = (await server.Admin.PostAsync(
            "/v1/tenants/acme/commands", $$"""{ "kind": "restart", "filter": { "devices": [{{names}}] }, "waves": [50, 100], "maxFailurePercent": 40 }""")).Location!;

        await BecomesAsync(operation, "stopped");
        var reached = await CountCommandsAsync(devices);
        var resumed = await server.Admin.PostAsync($"{operation}/resume");
        await BecomesAsync(operation, "stopped");
        await Task.WhenAll(reports).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal((3, "running"), (reached, resumed.Text("status")));
        Assert.Equal(6, await CountCommandsAsync(devices));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task FailAsync(TestDevice device, WireClient client)
    {
        var delivered = await client.ReadAsync();
        await client.SendAsync(Packets.PubAck(delivered.PublishId));
        await device.ReportAsync(client, delivered.Topic, "failed");
    }

    private async Task<int> CountCommandsAsync(IEnumerable<TestDevice> devices)
    {
        var count = 0;
        foreach (var device in devices)
        {
            count += (await server.Admin.GetAsync($"{device.Path}/commands")).Items("id").Length;
        }

        return count;
    }

    private Task BecomesAsync(string operation, string status) => Eventually.TrueAsync(
        async () => (await server.Admin.GetAsync(operation)).Text("status") == status, $"the operation becomes {status}", Patience);
}
