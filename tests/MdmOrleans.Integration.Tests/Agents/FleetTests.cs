using System.Net;
using MdmOrleans.Agent.Simulation;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class FleetTests
{
    [Fact]
    public void Percentiles_are_within_a_sixteenth()
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 1000; i++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.InRange(histogram.Percentile(0.5).TotalMilliseconds, 500, 532);
        Assert.InRange(histogram.Percentile(0.99).TotalMilliseconds, 990, 1052);
        Assert.InRange(histogram.Percentile(1).TotalMilliseconds, 1000, 1063);
    }

    [Fact]
    public void Without_anything_counted_a_percentile_is_nothing()
    {
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(0.5));
    }

    [Fact]
    public void A_device_that_changes_its_verdict_is_counted_once()
    {
        var statistics = new FleetStatistics();
        statistics.Answered(null, "compliant", TimeSpan.FromMilliseconds(2));
        statistics.Answered(null, "compliant", TimeSpan.FromMilliseconds(2));

        statistics.Answered("compliant", "inGracePeriod", TimeSpan.FromMilliseconds(2));

        var fleet = statistics.Snapshot();
        Assert.Equal((3L, 1, 1), (fleet.CheckIns, fleet.Verdicts["compliant"], fleet.Verdicts["inGracePeriod"]));
    }

    [Fact]
    public void The_summary_names_what_happened()
    {
        var statistics = new FleetStatistics();
        statistics.Began(2);
        statistics.Answered(null, "compliant", TimeSpan.FromMilliseconds(2));
        statistics.Refused("0x89");

        var summary = FleetReport.Summary(statistics.Snapshot(), TimeSpan.FromSeconds(2));

        Assert.Contains("devices 2, time 2 s", summary, StringComparison.Ordinal);
        Assert.Contains("1 (0.5/s)", summary, StringComparison.Ordinal);
        Assert.Contains("compliant 1", summary, StringComparison.Ordinal);
        Assert.Contains("0x89 1", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credentials_file_is_read_back_as_it_was_written_and_only_its_owner_may_read_it()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        FleetCredential[] devices = [new("acme", "sim-0001", "t1", PlatformNames.Android), new("globex", "sim-0002", "t2", PlatformNames.Linux)];

        await CredentialFile.AppendAsync(file, devices.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.Equal(devices, await CredentialFile.ReadAsync(file, TestContext.Current.CancellationToken));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        File.Delete(file);
    }

    [Fact]
    public async Task A_line_that_is_no_credential_is_named_without_its_text()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, """
            { "tenant": "acme", "device": "a", "token": "t", "platform": "linux" }
            { "tenant": "acme", "device": "b", "token": "s3cret" }
            """, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => CredentialFile.ReadAsync(file, TestContext.Current.CancellationToken));

        Assert.Contains("Line 2", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void A_credential_does_not_show_its_token()
    {
        Assert.DoesNotContain("s3cret", new FleetCredential("acme", "a", "s3cret", PlatformNames.Linux).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_are_created_with_the_key_and_those_that_exist_get_a_new_token()
    {
        var asked = new List<string>();
        var script = new ScriptedHttp(request =>
        {
            asked.Add($"{request.Headers.Authorization} {request.RequestUri!.AbsolutePath}");
            return asked.Count switch
            {
                1 => (HttpStatusCode.Created, """{ "device": "sim-0001", "deviceToken": "first" }"""),
                2 => (HttpStatusCode.Conflict, "{}"),
                _ => (HttpStatusCode.Created, """{ "deviceToken": "new", "epoch": 2 }"""),
            };
        });
        using var http = new HttpClient(script) { BaseAddress = new Uri("http://server") };

        var created = await new FleetProvisioner(http, "k").CreateAsync("acme", 2, 1, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["first", "new"], created.Select(c => c.Token));
        Assert.Equal(
            ["Bearer k /v1/tenants/acme/devices", "Bearer k /v1/tenants/acme/devices", "Bearer k /v1/tenants/acme/devices/sim-0002/token"], asked);
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_passed_on()
    {
        using var http = new HttpClient(new ScriptedHttp(_ => (HttpStatusCode.NotFound, """{ "code": "tenant_not_found" }"""))) { BaseAddress = new Uri("http://server") };

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await new FleetProvisioner(http, "k").CreateAsync("acme", 1, 1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        Assert.Contains("tenant_not_found", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class ScriptedHttp(Func<HttpRequestMessage, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = answer(request);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, null, "application/json") });
        }
    }
}
