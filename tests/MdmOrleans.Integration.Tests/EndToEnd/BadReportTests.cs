using MdmOrleans.Core.History;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>Devices that do not do their part, played with Debian's mosquitto clients.</summary>
public sealed class BadReportTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>, IAsyncLifetime
{
    private const string Tenant = "acme";
    private const string Succeeded = """{ "status": "succeeded" }""";
    private const string NoSuchCommand = "RC:144"; // 0x90
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private ServerProcess _server = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(database);
        await _server.Api.PutTenantAsync(Tenant);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_never_acknowledged_is_not_sent_and_comes_again_with_the_next_connect()
    {
        using var client = await AClientAsync("deaf");
        await using var deaf = client.Subscribe();
        await Eventually.TrueAsync(async () => (await _server.Api.TwinAsync(Tenant, "deaf")).Connected, "it was connected", Patience);
        ProcessSignal.Suspend(deaf.Id);

        var command = await _server.Api.QueueCommandAsync(Tenant, "deaf");
        await deaf.KillAsync();
        var unacknowledged = await _server.Api.CommandAsync(Tenant, "deaf", command.Id.ToString());
        await using var attentive = client.Subscribe();
        var heard = await MosquittoClient.OutputAsync(attentive);

        Assert.Equal(("queued", 0), (unacknowledged.Status, unacknowledged.Attempts));
        Assert.Contains(command.Id.ToString(), heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reports_on_a_command_that_it_never_got_or_that_is_somebody_else_s()
    {
        using var liar = await AClientAsync("liar");
        using var other = await AClientAsync("other");
        var command = await _server.Api.QueueCommandAsync(Tenant, "other");

        var neverMade = await liar.ReportAsync(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString(), Succeeded);
        var noId = await liar.ReportAsync("17", Succeeded);
        var ofAnother = await liar.ReportAsync(command.Id.ToString(), Succeeded);
        var own = await other.ReportAsync(command.Id.ToString(), Succeeded);

        Assert.Contains(NoSuchCommand, neverMade, StringComparison.Ordinal);
        Assert.Contains(NoSuchCommand, noId, StringComparison.Ordinal);
        Assert.Contains(NoSuchCommand, ofAnother, StringComparison.Ordinal);
        Assert.Contains("RC:0", own, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await _server.Api.HistoryAsync(Tenant, "liar"), entry => entry.Kind is EventKinds.CommandStatusChanged or EventKinds.LateCommandReport);
    }

    private async Task<MosquittoClient> AClientAsync(string device) =>
        new(_server, Tenant, device, await _server.Api.CreateDeviceAsync(Tenant, device), "mqttv5");
}
