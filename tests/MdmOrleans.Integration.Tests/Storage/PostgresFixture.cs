using MdmOrleans.Integration.Tests.Storage;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>One PostgreSQL for all classes of this assembly, started by the first that asks.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync("max_connections=200", "shared_buffers=128MB"));

    public Task<PostgresServer> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
