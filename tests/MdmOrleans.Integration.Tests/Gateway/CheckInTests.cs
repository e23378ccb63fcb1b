using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class SmokeTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_check_in_is_acknowledged_and_then_answered(int version)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await WireClient.ConnectAsync(host.Port, version, "acme:t7");

        await client.SendAsync(Packets.Publish(version, "mdm/v1/acme/t7/up/checkin",
            """{"rid":"r1","platform":"android","osVersion":"16.5","encryptionStatus":"encrypted"}"""));
        var ack = await client.ReadAsync();
        var answer = await client.ReadAsync();

        Assert.Equal(0x40, ack.Header);
        Assert.Equal("mdm/v1/acme/t7/dn/checkin", answer.Topic);
        Assert.StartsWith("""{"rid":"r1","lifecycle":"Active","compliance":"compliant","access":"allow","findings":[],"commands":[],""", answer.Payload(version));
    }
}
