using System.Net;
using MdmOrleans.Core.Access;
using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Access;

public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9")] // whoever is not believed is the client
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1")] // the first is what the client says of itself
    [InlineData("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1")] // two proxies, one behind the other
    [InlineData("127.0.0.1", "10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:127.0.0.1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("::1", "[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("127.0.0.1", "unknown", "127.0.0.1")]
    public void The_client_is_the_last_address_that_a_trusted_proxy_has_seen(string peer, string? forwardedFor, string client) =>
        Assert.Equal(
            IPAddress.Parse(client), TrustedProxies.Parse("127.0.0.0/8,::1,10.0.0.0/8").FindClient(IPAddress.Parse(peer), forwardedFor));

    [Theory]
    [InlineData("127.0.0.0/8,::1", "127.9.9.9", true)]
    [InlineData("127.0.0.0/8,::1", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.0/8,::1", "::1", true)]
    [InlineData("127.0.0.0/8,::1", "10.0.0.1", false)]
    [InlineData("127.0.0.0/8,::1", "::2", false)]
    [InlineData(" 10.1.2.3 , fd00::/8 ", "10.1.2.3", true)]
    [InlineData(" 10.1.2.3 , fd00::/8 ", "10.1.2.4", false)]
    [InlineData(" 10.1.2.3 , fd00::/8 ", "fd12::1", true)]
    [InlineData("", "127.0.0.1", false)]
    public void An_address_is_trusted_when_the_list_has_it(string list, string address, bool isTrusted)
    {
        Assert.Equal(isTrusted, TrustedProxies.Parse(list).Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    [InlineData("127.0.0.1,x")]
    public void What_is_no_address_is_refused_by_the_name_of_the_setting(string list)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => TrustedProxies.Parse(list));

        Assert.Contains("Access:TrustedProxies", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_in_the_list_is_not_believed()
    {
        var directory = Directory.CreateTempSubdirectory("mdm-proxies-").FullName;
        await using (var host = await ApiHost.StartAsync(directory, settings: "--Access:TrustedProxies=10.0.0.0/8"))
        {
            using var proxy = new ApiClient(host.Address, await host.ReadAdminKeyAsync());

            var answer = await proxy.SendAsync(HttpMethod.Get, "/v1/access/check", null, [("X-Mdm-Device", "acme:a")]);

            Assert.Equal((403, "proxy_untrusted", null), (answer.Status, answer.Code, answer.Header("X-Mdm-Access")));
        }

        Directory.Delete(directory, recursive: true);
    }
}
