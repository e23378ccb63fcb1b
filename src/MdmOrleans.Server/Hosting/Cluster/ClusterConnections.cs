using System.Net;
using MdmOrleans.Grains.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace MdmOrleans.Server.Hosting.Cluster;

/// <summary>Who may connect to the ports of the silo: with mutual TLS only who has a certificate of the cluster's authority.</summary>
internal static class ClusterConnections
{
    /// <exception cref="SettingException">The port of the silo, or that of clients, would be open to whoever reaches it.</exception>
    public static void Demand(ServerSettings settings, bool isDevelopment)
    {
        if (settings.ClusterTls is not null)
        {
            return;
        }

        if (!settings.IsEmbedded && !IsLoopback(settings.AdvertisedAddress))
        {
            throw new SettingException(
                $"{ClusterTlsFiles.CertificateKey} is not set, and without mutual TLS whoever reaches the silo port may do everything: set {ClusterTlsFiles.CertificateKey}, {ClusterTlsFiles.KeyKey} and {ClusterTlsFiles.AuthorityKey}, or, for a cluster on one machine, Orleans:AdvertisedAddress=127.0.0.1.");
        }

        if (settings.GatewayPort != 0 && !isDevelopment)
        {
            throw new SettingException(
                $"Orleans:GatewayPort is {settings.GatewayPort}, and outside Development clients connect with mutual TLS only: set {ClusterTlsFiles.CertificateKey}, {ClusterTlsFiles.KeyKey} and {ClusterTlsFiles.AuthorityKey}, or leave Orleans:GatewayPort out.");
        }
    }

    public static ISiloBuilder GuardConnections(this ISiloBuilder silo, ServerSettings settings)
    {
        silo.AddMdmClientCalls();
        silo.Services.AddSingleton<ClientConnectionGuard>();
        if (settings.ClusterTls is { } files)
        {
            silo.Services.AddSingleton(files);
            silo.Services.AddSingleton<ClusterCertificates>();
            silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClusterCertificates>((connections, certificates) =>
            {
                var tls = Tls(certificates);
                connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(tls));
                connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(tls));
                connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(tls));
            });
        }

        silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClientConnectionGuard>((connections, guard) =>
            connections.ConfigureGatewayInboundConnection(connection =>
                connection.Use(next => context => guard.RunAsync(context, next)))); // behind TLS: it reads what was said
        return silo;
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static TlsOptions Tls(ClusterCertificates certificates) => new()
    {
        LocalServerCertificateSelector = (_, _) => certificates.Certificate,
        LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, chain, _) => certificates.IsTrusted(certificate, chain),
        OnAuthenticateAsClient = (_, options) => options.TargetHost = "mdm-cluster", // servers are known by their authority, not by a name
    };
}
