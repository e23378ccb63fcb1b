namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>One endpoint for the tests of a class; each test takes a device of its own.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    internal GatewayHost Host { get; private set; } = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync() => Host = await GatewayHost.StartAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
