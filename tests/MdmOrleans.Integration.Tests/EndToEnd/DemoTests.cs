using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Integration.Tests.Hosting;
using Microsoft.Playwright;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary><c>demo</c>, as somebody starts it who has five minutes.</summary>
[SupportedOSPlatform("linux")]
public sealed class DemoTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private const int AgentAndSimulated = 26;
    private static readonly string[] Tenants = ["acme", "globex", "initech"];
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private ServerProcess _demo = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync() => _demo = await ServerProcess.StartAsync(["demo"]);

    public ValueTask DisposeAsync() => _demo.DisposeAsync();

    [Fact]
    public async Task Living_devices_are_there_within_a_minute_on_a_page_too_and_the_same_ones_after_a_restart()
    {
        await EverybodyCheckedInSinceAsync(DateTimeOffset.MinValue);
        var first = await TwinsAsync();
        await TheShowIsOnAsync();
        await DashboardShowsAsync("DeviceGrain");
        Assert.Equal(0, await _demo.TerminateAsync());
        var restartedAt = TimeProvider.System.GetUtcNow();
        await _demo.StartAsync();
        await EverybodyCheckedInSinceAsync(restartedAt);
        var second = await TwinsAsync();
        await TheShowIsNotRepeatedAsync();

        Assert.Equal(first.Select(Identity), second.Select(Identity));
        Assert.Contains(first, twin => twin.Compliance == "compliant");
        Assert.Contains(first, twin => twin.Compliance != "compliant");
        Assert.All(first.Zip(second), pair => Assert.True(pair.Second.Version >= pair.First.Version));
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(_demo.DataDirectory, "demo-devices.jsonl")));
    }

    private async Task TheShowIsOnAsync()
    {
        await _demo.LineAsync(line => line.Contains("demo-key)", StringComparison.Ordinal), Minute);
        var outOfGrace = await _demo.Api.TwinAsync("globex", "macos-8");
        Assert.Equal(("noncompliant", "Quarantined", "quarantine"), (outOfGrace.Compliance, outOfGrace.Lifecycle, outOfGrace.Access));
        Assert.Equal("inGracePeriod", (await _demo.Api.TwinAsync("acme", "android-3")).Compliance);
        Assert.Equal(["lost"], (await _demo.Api.TwinAsync("acme", "ios-2")).QuarantineReasons);
        await _demo.LineAsync(line => line.Contains("initech:android-1", StringComparison.Ordinal) && line.Contains("inGracePeriod → noncompliant", StringComparison.Ordinal), Minute);
        var held = Assert.Single((await HoldsAsync()).Items);
        Assert.Equal(("ios-2", "wipe", "key:admin"), (held.Device, held.Kind, held.RequestedBy));
        Assert.Equal(HttpStatusCode.Forbidden, await ApproveAsync(held, "admin-key"));
        Assert.DoesNotContain('\e', _demo.Output);
    }

    private async Task TheShowIsNotRepeatedAsync()
    {
        var held = Assert.Single((await HoldsAsync()).Items);
        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(held, "demo-key"));
        Assert.DoesNotContain("was reported lost", _demo.Output, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> ApproveAsync(HoldBody hold, string keyFile)
    {
        var key = await File.ReadAllTextAsync(Path.Combine(_demo.DataDirectory, keyFile), TestContext.Current.CancellationToken);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key.Trim()) } };
        var approve = new Uri($"http://127.0.0.1:{_demo.HttpPort}/v1/tenants/acme/holds/{hold.Id}/approve");
        using var answer = await http.PostAsync(approve, null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private Task<Page<HoldBody>> HoldsAsync() => _demo.Api.HoldsAsync("acme");

    private Task EverybodyCheckedInSinceAsync(DateTimeOffset instant) => Eventually.TrueAsync(
        async () =>
        {
            var twins = await TwinsAsync();
            return twins.Count == AgentAndSimulated && twins.TrueForAll(twin => twin.Connected && twin.LastCheckInAt > instant);
        },
        "every device of the demo checked in",
        Minute);

    private async Task<List<TwinBody>> TwinsAsync()
    {
        var twins = new List<TwinBody>();
        foreach (var tenant in Tenants)
        {
            try
            {
                twins.AddRange((await _demo.Api.TwinsAsync(tenant)).Items);
            }
            catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return []; // it is still being set up
            }
        }

        return twins;
    }

    private static string Identity(TwinBody twin) => $"{twin.Tenant}:{twin.Device} {twin.Serial} {twin.Epoch}";

    private async Task DashboardShowsAsync(string text)
    {
        if (!File.Exists(Chromium))
        {
            throw new InvalidOperationException($"There is no {Chromium}. Run tests/run.sh, which installs what is missing.");
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        await page.GotoAsync($"http://127.0.0.1:{_demo.HttpPort}/dashboard#/grains");
        await page.GetByText(text).First.WaitForAsync(new() { Timeout = (float)Minute.TotalMilliseconds });
    }
}
