using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>The real server with its real twins, for the tests of a class; each test takes a device of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string Tenant = "acme";

    private ServerProcess _server = null!; // set in InitializeAsync

    internal ServerProcess Server => _server;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync([]);
        await _server.Api.PutTenantAsync(Tenant, """{ "name": "Acme", "noncompliantWithoutPolicy": false }""");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
