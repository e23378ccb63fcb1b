using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Telemetry;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Integration.Tests.Http;
using Orleans.Configuration;

namespace MdmOrleans.Integration.Tests.Cluster;

/// <summary>A real client of Orleans at the client gateway: it may do what its key may do.</summary>
public sealed class ClientCallTests : IAsyncLifetime
{
    private const string Device = "acme/tablet-7";

    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-clients-").FullName;
    private readonly string _port = ApiHost.FreePort();
    private ApiHost _server = null!; // set in InitializeAsync
    private ApiClient _admin = null!; // set in InitializeAsync
    private OrleansClient _client = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiHost.StartAsync(_directory, "Development", settings: [$"--Orleans:GatewayPort={_port}", "--Governor:KeyAgeHours=0"]);
        _admin = new ApiClient(_server.Address, await _server.ReadAdminKeyAsync());
        await _admin.PutAsync("/v1/tenants/acme", """{ "name": "Acme", "governor": { "approval": "twoPerson" } }""");
        await _admin.PutAsync("/v1/tenants/globex", """{ "name": "Globex" }""");
        await _admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "tablet-7" }""");
        _client = await OrleansClient.ConnectAsync(_port);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _admin.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_client_approves_a_wipe_with_the_secret_of_a_second_key_and_not_with_an_invented_one()
    {
        await _admin.PostAsync("/v1/tenants/acme/devices/tablet-7/commands", """{ "kind": "wipe" }""");
        var hold = Guid.Parse((await _admin.GetAsync("/v1/tenants/acme/holds")).Items("command").Single()!);
        var second = await KeyAsync("second", "operator");

        await RefusedAsync(null, () => Decide("second"));
        await RefusedAsync("mdmk_invented", () => Decide("second"));
        await RefusedAsync(await KeyAsync("reader", "reader"), () => Decide("second"));
        Assert.Single((await _admin.GetAsync("/v1/tenants/acme/holds")).Items("id"));
        var approved = await OrleansClient.AsAsync(second, () => Decide("admin")); // which it is not

        Assert.Equal(CommandStatus.Queued, approved.Value?.Status);
        Assert.Contains("key:second", (await _admin.GetAsync("/v1/tenants/acme/devices/tablet-7/events")).Body, StringComparison.Ordinal);

        Task<Outcome<DeviceCommand>> Decide(string key) =>
            _client.Grains.GetGrain<IDeviceCommands>(Device).DecideHoldAsync(hold, isApproved: true, key, note: null, Cancellation);
    }

    [Fact]
    public async Task The_actor_of_what_a_client_asks_for_is_its_own_key_whatever_it_says()
    {
        var secret = await KeyAsync("robot", "operator");
        var commands = _client.Grains.GetGrain<IDeviceCommands>(Device);
        var request = new CommandRequest
        {
            Kind = CommandKind.Wipe,
            Parameters = Utf8Block.FromText("{}"),
            Actor = "key:admin",
            OnBehalfOf = "key:admin",
            Purpose = CommandPurpose.Retirement,
        };

        var queued = (await OrleansClient.AsAsync(secret, () => commands.EnqueueAsync(request, Cancellation))).Value!.Command;
        var canceled = await OrleansClient.AsAsync(secret, () => commands.CancelAsync(queued.Id, "key:admin", Cancellation));

        Assert.Equal(("key:robot", "key:robot", CommandPurpose.Request), (queued.RequestedBy, queued.AskedBy, queued.Purpose));
        Assert.Equal(CommandStatus.Canceled, canceled.Value!.Status);
        var events = await _admin.GetAsync("/v1/tenants/acme/devices/tablet-7/events");
        Assert.DoesNotContain(events.Items("actor").SkipWhile(actor => actor == "key:admin"), actor => actor == "key:admin"); // it made the device
    }

    [Fact]
    public async Task A_client_reaches_the_tenants_of_its_key_and_is_not_told_of_others()
    {
        var secret = await KeyAsync("globex-robot", "admin", "globex");

        var own = await OrleansClient.AsAsync(secret, () => _client.Grains.GetGrain<ITenantGrain>("globex").ReadAsync(Cancellation));
        var unseen = await RefusedAsync(secret, () => _client.Grains.GetGrain<IDeviceTwin>(Device).ReadAsync(Cancellation));
        var missing = await RefusedAsync(secret, () => _client.Grains.GetGrain<IDeviceTwin>("nobody/tablet-7").ReadAsync(Cancellation));
        await RefusedAsync(secret, () => _client.Grains.GetGrain<ITenantDirectory>(0).ListAsync(Cancellation));

        Assert.Equal("Globex", own?.Settings.Name);
        Assert.Equal(missing, unseen);
    }

    [Fact]
    public async Task What_servers_ask_of_each_other_no_client_asks_with_any_key()
    {
        var admin = await _server.ReadAdminKeyAsync();
        var grains = _client.Grains;

        await RefusedAsync(admin, () => grains.GetGrain<IKeyRing>(0).ListAsync(Cancellation));
        await RefusedAsync(admin, () => grains.GetGrain<IFleetCensus>(0).ReadAsync(Cancellation));
        await RefusedAsync(admin, () => grains.GetGrain<IDeviceCommands>(Device).MarkSentAsync([], default, Cancellation));
        await RefusedAsync(admin, () => grains.GetGrain<ITenantGrain>("acme").AddPolicyAsync("p", Cancellation));
        await RefusedAsync(admin, () => grains.GetGrain<ITenantGrain>("acme").PutAsync(
            new PutTenant { Settings = new() { Name = "Mine" }, Actor = "key:admin" }, Cancellation)); // over HTTP, where its effect is judged
        await RefusedAsync(admin, () => grains.GetGrain<IManagementGrain>(0).GetHosts());
    }

    [Fact]
    public async Task A_client_that_writes_another_sender_into_its_messages_is_cut_off()
    {
        // As one that is made for it would: to a grain, the call comes from a grain.
        var disguise = new Impostor();
        await using var impostor = await OrleansClient.ConnectAsync(_port, client => client.Configure<ClientConnectionOptions>(options =>
            options.ConfigureConnection(connection => connection.Use(next => context => disguise.RunAsync(context, next)))));
        disguise.IsWorn = true;

        await Assert.ThrowsAnyAsync<Exception>(() => OrleansClient.AsAsync(null, () => impostor.Grains
            .GetGrain<ITenantGrain>("acme").PutAsync(new PutTenant { Settings = new() { Name = "Mine" }, Actor = "key:admin" }, Cancellation)
            .WaitAsync(TimeSpan.FromSeconds(10), Cancellation)));

        Assert.Equal("Acme", (await _admin.GetAsync("/v1/tenants/acme")).Text("name"));
    }

    private static async Task<string> RefusedAsync<T>(string? secret, Func<Task<T>> call) =>
        (await Assert.ThrowsAsync<UnauthorizedAccessException>(() => OrleansClient.AsAsync(secret, call))).Message;

    private async Task<string> KeyAsync(string name, string role, string? tenant = null)
    {
        var scope = tenant is null ? "" : $$""", "tenants": ["{{tenant}}"]""";
        return (await _admin.PostAsync("/v1/keys", $$"""{ "name": "{{name}}", "role": "{{role}}"{{scope}} }""")).Text("key")!;
    }
}
