using System.Runtime.Versioning;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>Somebody with access to the database rewrites a history, every hash of it right.</summary>
[SupportedOSPlatform("linux")]
public sealed class AnchorTests : IAsyncLifetime
{
    private const string Device = "/v1/tenants/acme/devices/tablet-7";
    private static readonly DeviceId Id = DeviceId.Parse("acme/tablet-7");
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-anchors-").FullName;
    private ApiHost _host = null!; // set in InitializeAsync, as is the client
    private ApiClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await _admin.PutAsync("/v1/tenants/acme", """{ "name": "Acme" }""");
        await _admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "tablet-7" }""");
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_history_that_was_rewritten_from_the_front_does_not_match_its_anchor()
    {
        await AnchorAsync();
        var before = await VerifyAsync();
        await RewriteAsync();

        var after = await VerifyAsync();
        var trail = (await _admin.GetAsync("/v1/tenants/acme/audit/verify?histories=true")).Json;

        Assert.True(before.GetProperty("intact").GetBoolean());
        Assert.False(after.TryGetProperty("fault", out _)); // every hash is right
        Assert.False(after.GetProperty("intact").GetBoolean());
        Assert.Equal("historyRewritten", FaultOf(after));
        Assert.Equal("historyRewritten", FaultOf(trail));
    }

    [Fact]
    public async Task Under_another_key_an_anchor_proves_nothing_and_says_so()
    {
        await AnchorAsync();
        await _host.DisposeAsync();
        File.Delete(Path.Combine(_directory, "anchor-key"));
        await StartAsync();

        var proof = await VerifyAsync();

        Assert.True(proof.GetProperty("intact").GetBoolean());
        Assert.Equal("otherKey", FaultOf(proof));
    }

    [Fact]
    public void The_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var file = Path.Combine(_directory, "anchor-key");

        Assert.True(AnchorKey.TryParse(File.ReadAllText(file), out var key));
        Assert.Equal(_host.Services.GetRequiredService<AnchorKey>().Id, key.Id);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private async Task StartAsync()
    {
        _host = await ApiHost.StartAsync(_directory);
        _admin?.Dispose();
        _admin = new ApiClient(_host.Address, await _host.ReadAdminKeyAsync());
    }

    private async Task<JsonElement> VerifyAsync() => (await _admin.GetAsync($"{Device}/events/verify")).Json;

    private static string? FaultOf(JsonElement proof) =>
        Assert.Single(proof.GetProperty("anchors").GetProperty("faults").EnumerateArray()).GetProperty("fault").GetString();

    /// <summary>As it will be done when today is over.</summary>
    private async Task AnchorAsync()
    {
        var anchors = _host.Services.GetRequiredService<IChainAnchors>();
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var tomorrow = new DateTimeOffset(today, TimeSpan.Zero).AddDays(1);
        await anchors.AddAsync(
            new ChainAnchor
            {
                Tenant = Id.Tenant,
                At = tomorrow,
                Audit = await anchors.FindAuditEndAsync(Id.Tenant, Cancellation),
                Shards = await anchors.DigestHeadsAsync(Id.Tenant, tomorrow, shard: null, Cancellation),
                Previous = await anchors.ReadAsync(Id.Tenant, 1, Cancellation) is [var last] ? last.Seal : default,
                KeyId = string.Empty,
                Seal = default,
            }.SealedWith(_host.Services.GetRequiredService<AnchorKey>()),
            Cancellation);
    }

    private async Task RewriteAsync()
    {
        var events = await _host.Services.GetRequiredService<IDeviceQueries>().ReadEventsAsync(Id, 0, 100, Cancellation);
        var store = _host.Services.GetRequiredService<IDeviceStore>();
        var twin = (await store.FindAsync(Id, Cancellation))!;
        var chain = EventChain.Empty;
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(_directory, "devices.db")};Pooling=False"))
        {
            await database.OpenAsync(Cancellation);
            foreach (var entry in events)
            {
                var forged = EventChain.Seal(Id, chain, entry with { Actor = "key:nobody" });
                chain = new EventChain(forged.Number, forged.Hash);
                await using var command = database.CreateCommand();
                command.CommandText = "UPDATE device_events SET body = $body WHERE tenant = 'acme' AND device = 'tablet-7' AND number = $number";
                command.Parameters.AddWithValue("$body", EventJson.Write(forged));
                command.Parameters.AddWithValue("$number", forged.Number);
                Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
            }
        }

        await store.SaveAsync(twin, twin with { Version = twin.Version + 1, Chain = chain }, [], Cancellation);
        await _host.DisposeAsync();
        await StartAsync(); // which believes what is stored
    }
}
