using System.Globalization;
using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Access;

/// <summary>A server for the tests of access; each takes a tenant of its own.</summary>
public sealed class GateFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-access-").FullName;
    private int _tenants;

    internal ApiHost Host { get; private set; } = null!; // set in InitializeAsync

    internal string Key { get; private set; } = null!; // set in InitializeAsync

    internal ApiClient Admin => As(Key);

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync(_directory);
        Key = await Host.ReadAdminKeyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    internal ApiClient As(string? key) => new(Host.Address, key);

    internal Task<Gate> AGateAsync() =>
        Gate.OpenAsync(Host, Admin, $"gate{Interlocked.Increment(ref _tenants).ToString(CultureInfo.InvariantCulture)}");
}
