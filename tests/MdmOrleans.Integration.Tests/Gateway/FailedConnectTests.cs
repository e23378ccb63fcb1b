using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>CONNECTs that fail are bounded by address.</summary>
public sealed class FailedConnectTests
{
    private static readonly KeyValuePair<string, string?>[] Three =
        [new("Mqtt:FailedConnectsPerSecond", "1"), new("Mqtt:FailedConnectBurst", "3")];

    [Theory]
    [InlineData(5, "acme:t1", "wrong", 0x86, 0x9F)]
    [InlineData(4, "acme:t1", "wrong", 4, 3)]
    [InlineData(5, "nobody", FakeTwin.Token, 0x86, 0x9F)] // no name that a device could have
    public async Task An_address_whose_connects_keep_failing_is_refused_before_its_twins_are_asked(
        int version, string id, string password, int first, int then)
    {
        await using var host = await GatewayHost.StartAsync(settings: Three);
        List<int> codes = [];
        for (var i = 0; i < 4; i++)
        {
            codes.Add(await AskAsync(host, Packets.Connect(version, id, password: password)));
        }

        var right = await AskAsync(host, Packets.Connect(version, "acme:right"));

        Assert.Equal([first, first, first, then], codes);
        Assert.Equal(then, right);
        Assert.Equal(0, host.Twins["acme:right"].Connected.Count);
    }

    [Fact]
    public async Task Of_many_that_fail_at_once_no_more_than_the_burst_hear_that_they_were_wrong()
    {
        await using var host = await GatewayHost.StartAsync(settings: Three);

        var codes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(host, Packets.Connect(5, $"acme:t{i}", password: "wrong"))));

        Assert.InRange(codes.Count(code => code == 0x86), 3, 5); // a second or two may have passed
        Assert.All(codes, code => Assert.True(code is 0x86 or 0x9F));
    }

    [Fact]
    public async Task Connects_that_are_accepted_never_count()
    {
        await using var host = await GatewayHost.StartAsync(settings: Three);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, await AskAsync(host, Packets.Connect(5, $"acme:good{i}")));
        }
    }

    private static async Task<int> AskAsync(GatewayHost host, byte[] connect)
    {
        await using var client = await WireClient.OpenAsync(host.Port);
        await client.SendAsync(connect);
        return (await client.ReadAsync()).Body[1];
    }
}
