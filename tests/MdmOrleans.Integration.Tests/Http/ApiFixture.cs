using System.Globalization;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>One server for all tests of the HTTP interface; each takes tenants of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-http-").FullName;
    private ApiHost _host = null!; // set in InitializeAsync
    private int _tenants;

    internal string AdminKey { get; private set; } = null!; // set in InitializeAsync

    internal IEnumerable<Endpoint> Endpoints => _host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints);

    internal Uri Address => _host.Address;

    /// <summary>With the administrator key.</summary>
    internal ApiClient Admin { get; private set; } = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(_directory, prepare: app =>
        {
            app.MapGet("/test/outage", Fail<StorageUnavailableException>).AllowAnonymous().ExcludeFromDescription();
            app.MapGet("/test/bug", Fail<InvalidTimeZoneException>).AllowAnonymous().ExcludeFromDescription();
        });
        AdminKey = await _host.ReadAdminKeyAsync();
        Admin = As(AdminKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <param name="key">Null: without identity.</param>
    internal ApiClient As(string? key) => new(_host.Address, key);

    /// <summary>A tenant that nobody else uses.</summary>
    internal async Task<string> ATenantAsync(string? body = null)
    {
        var tenant = $"t{Interlocked.Increment(ref _tenants).ToString(CultureInfo.InvariantCulture)}";
        var answer = await Admin.PutAsync($"/v1/tenants/{tenant}", body ?? """{ "name": "A tenant" }""");
        Assert.Equal(201, answer.Status);
        return tenant;
    }

    /// <summary>The path of a new device in a tenant of its own.</summary>
    internal async Task<string> ADeviceAsync()
    {
        var tenant = await ATenantAsync();
        var answer = await Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "tablet-7" }""");
        Assert.Equal(201, answer.Status);
        return $"/v1/tenants/{tenant}/devices/tablet-7";
    }

    /// <summary>A client whose key has this role.</summary>
    internal async Task<ApiClient> AsAsync(string role, params string[] tenants)
    {
        var name = $"k{Interlocked.Increment(ref _tenants).ToString(CultureInfo.InvariantCulture)}";
        var scope = tenants.Length == 0 ? "" : $$""", "tenants": [{{string.Join(", ", tenants.Select(t => $"\"{t}\""))}}]""";
        var answer = await Admin.PostAsync("/v1/keys", $$"""{ "name": "{{name}}", "role": "{{role}}"{{scope}} }""");
        Assert.Equal(201, answer.Status);
        return As(answer.Text("key"));
    }

    internal Task CheckInAsync(string tenant, string device, Posture posture) => _host.CheckInAsync(tenant, device, posture);

    /// <summary>A client whose key was made two days ago, so that it may decide.</summary>
    internal async Task<ApiClient> AsLongKnownAsync(KeyRole role, string? madeBy = null)
    {
        var name = $"k{Interlocked.Increment(ref _tenants).ToString(CultureInfo.InvariantCulture)}";
        var key = new AccessKey(name, role, null, SecretHash.Of(name), TimeProvider.System.GetUtcNow().AddDays(-2))
        {
            MadeBy = madeBy ?? AccessKey.AdminName,
        };
        Assert.Null(await _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IKeyRing>(0).AddAsync(key, TestContext.Current.CancellationToken));
        return new ApiClient(_host.Address, name) { KeyName = name };
    }

    private static void Fail<T>()
        where T : Exception, new() => throw new T();
}

[CollectionDefinition(Name)]
public sealed class ApiTests : ICollectionFixture<ApiFixture>
{
    public const string Name = "http";
}
