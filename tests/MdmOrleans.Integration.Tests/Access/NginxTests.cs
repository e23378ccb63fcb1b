using System.Diagnostics;
using System.Net;

namespace MdmOrleans.Integration.Tests.Access;

/// <summary>The check as it is used: by a proxy that somebody else wrote.</summary>
public sealed class NginxTests(GateFixture server) : IClassFixture<GateFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_allowed_device_passes_a_quarantined_one_is_sent_to_its_zone_and_others_are_refused()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("allowed");
        await gate.LetInAsync("allowed");
        await gate.AddAsync("new");
        await using var nginx = await Nginx.StartAsync(server.Host.Address, server.Key);

        var allowed = await KnockAsync(nginx, gate, "allowed");
        var quarantined = await KnockAsync(nginx, gate, "new");
        var unknown = await KnockAsync(nginx, gate, "nobody");

        Assert.Equal((HttpStatusCode.OK, Nginx.Inside), (allowed.Status, allowed.Body));
        Assert.Equal((HttpStatusCode.Found, $"https://restricted.example/{Gate.Zone}"), (quarantined.Status, quarantined.Location));
        Assert.Equal((HttpStatusCode.Forbidden, null), (unknown.Status, unknown.Location));
    }

    [Fact]
    public async Task What_a_client_says_of_itself_in_the_header_is_dropped()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("allowed");
        await gate.LetInAsync("allowed");
        await gate.AddAsync("new");
        await using var nginx = await Nginx.StartAsync(server.Host.Address, server.Key);

        var answer = await KnockAsync(nginx, gate, "new", claimed: "allowed");

        Assert.Equal(HttpStatusCode.Found, answer.Status);
    }

    [Fact]
    public async Task A_change_of_the_verdict_takes_effect_within_a_second_both_ways()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");
        await using var nginx = await Nginx.StartAsync(server.Host.Address, server.Key);
        using var device = nginx.As(Name(gate, "a"));
        await KnockAsync(device);

        await gate.KeepOutAsync("a");
        var decidedAt = Stopwatch.GetTimestamp();
        var kept = await KnockAsync(device);
        var elapsed = Stopwatch.GetElapsedTime(decidedAt);
        await gate.LetInAsync("a");
        var letIn = await KnockAsync(device);

        Assert.Equal((HttpStatusCode.Found, HttpStatusCode.OK), (kept.Status, letIn.Status));
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Nobody_passes_a_proxy_whose_key_is_not_known()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");
        await using var nginx = await Nginx.StartAsync(server.Host.Address, "not-a-key");

        var answer = await KnockAsync(nginx, gate, "a");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    private static async Task<(HttpStatusCode Status, string Body, string? Location)> KnockAsync(Nginx nginx, Gate gate, string device, string? claimed = null)
    {
        using var client = nginx.As(Name(gate, device));
        if (claimed is not null)
        {
            client.DefaultRequestHeaders.Add("X-Mdm-Device", Name(gate, claimed));
        }

        return await KnockAsync(client);
    }

    private static async Task<(HttpStatusCode Status, string Body, string? Location)> KnockAsync(HttpClient device)
    {
        using var response = await device.GetAsync(new Uri("/", UriKind.Relative), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), response.Headers.Location?.ToString());
    }

    private static string Name(Gate gate, string device) => $"{gate.Path.Split('/')[^1]}:{device}";
}
