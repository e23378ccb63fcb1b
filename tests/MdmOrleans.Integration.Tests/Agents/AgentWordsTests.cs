using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Agent.Sdk.Connections;
using MdmOrleans.Integration.Tests.EndToEnd;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>Whoever runs the agent reads sentences, and nothing that only a .NET developer understands.</summary>
[SupportedOSPlatform("linux")]
public sealed class AgentWordsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<Exception, string> Failures => new()
    {
        { new SocketException((int)SocketError.ConnectionRefused), "nothing listens there" },
        { new IOException("x", new SocketException((int)SocketError.HostNotFound)), "the name of the host is unknown" },
        { new AuthenticationException("Cannot determine the frame size or a corrupted frame was received."), "there is no TLS on that port, or no version of it that both sides speak" },
        { new HttpRequestException("x", null, System.Net.HttpStatusCode.BadGateway), "the server answered HTTP 502" },
        { new InvalidOperationException("RemoteCertificateValidationCallback"), "the connection was closed" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_is_described_in_our_words(Exception failure, string words) => Assert.Equal(words, ConnectFailure.Describe(failure));

    [Theory]
    [InlineData("mqtt://mdm.example.com", true)]
    [InlineData("ws://10.0.0.5:8080/mqtt", true)]
    [InlineData("mqtts://mdm.example.com", false)]
    [InlineData("wss://mdm.example.com/mqtt", false)]
    [InlineData("mqtt://localhost", false)]
    [InlineData("mqtt://127.0.0.1:1883", false)]
    [InlineData("mqtt://[::1]", false)]
    public void A_token_is_shown_where_it_crosses_a_network_without_tls(string endpoint, bool isShown) =>
        Assert.Equal(isShown, DeviceClientOptions.IsClear(new Uri(endpoint)));

    [Fact]
    public async Task An_agent_warns_before_it_sends_its_token_in_clear()
    {
        using var machine = new AgentDirectory();
        await using var agent = machine.Start("mqtt://nowhere.invalid:1883", "acme", "tablet-7", "secret");

        var line = await agent.LineAsync(line => line.Contains("nowhere.invalid", StringComparison.Ordinal), Patience);

        Assert.Contains("The device token goes to nowhere.invalid in clear", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_reaches_nobody_says_why_and_when_it_tries_again()
    {
        using var machine = new AgentDirectory();
        await using var agent = machine.Start($"mqtt://127.0.0.1:{FreePort.Next()}", "acme", "tablet-7", "secret");

        var line = await agent.LineAsync(line => line.Contains("No connection", StringComparison.Ordinal), Patience);

        Assert.Matches(@": nothing listens there; trying again in \d\.\d s$", line);
    }

    [Fact]
    public async Task An_agent_whose_hooks_somebody_else_may_change_refuses_to_start()
    {
        using var machine = new AgentDirectory();
        machine.AddHook("lock", "#!/bin/sh");
        machine.ShareHooks();
        await using var agent = machine.Start("mqtt://127.0.0.1:1", "acme", "tablet-7", "secret");

        Assert.Equal(1, await agent.ExitAsync(Patience));
        Assert.StartsWith("Users other than its owner may write to ", agent.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', agent.Errors);
    }
}
