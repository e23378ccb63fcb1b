using System.Globalization;
using System.Net;
using MdmOrleans.Abstractions.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace MdmOrleans.Integration.Tests.Cluster;

/// <summary>A client of the cluster in the sense of Orleans, as another .NET service is.</summary>
internal sealed class OrleansClient : IAsyncDisposable
{
    private readonly IHost _host;

    private OrleansClient(IHost host, IClusterClient grains) => (_host, Grains) = (host, grains);

    public IClusterClient Grains { get; }

    public static async Task<OrleansClient> ConnectAsync(string gatewayPort, Action<IClientBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, int.Parse(gatewayPort, CultureInfo.InvariantCulture)));
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("mdm", "mdm"));
            configure?.Invoke(client);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new OrleansClient(host, host.Services.GetRequiredService<IClusterClient>());
    }

    /// <summary>Makes a call with the secret of a key; null: with none.</summary>
    public static async Task<T> AsAsync<T>(string? secret, Func<Task<T>> call)
    {
        RequestContext.Clear();
        if (secret is not null)
        {
            RequestContext.Set(ForClientsAttribute.KeyContext, secret);
        }

        return await call();
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10)); // one that was cut off has nobody to say goodbye to
        await _host.StopAsync(patience.Token);
        _host.Dispose();
    }
}
