using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Cluster;

/// <summary>Servers of one cluster know each other by their certificates.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-tls-");
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Two_servers_form_a_cluster_over_mutual_TLS_and_one_of_another_authority_does_not_get_in()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        await using var first = await ServerProcess.StartAsync(database, _authority.Write(Folder("first")));
        await using var second = await ServerProcess.StartAsync(database, _authority.Write(Folder("second")));
        await first.Api.PutTenantAsync("acme");
        using var foreign = new TestAuthority();

        await using var stranger = ServerProcess.Launch(
            [],
            [
                .. ServerProcess.FreePorts(), .. database.Settings, .. foreign.Write(Folder("stranger")),
                new("Orleans:AdvertisedAddress", "127.0.0.1"), new("Storage:Directory", Folder("stranger")),
            ]);
        await stranger.LineAsync(line => line.Contains("Authentication failed", StringComparison.Ordinal), Patience);

        Assert.Contains("active silos: 2", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("The cluster is ready", stranger.Output, StringComparison.Ordinal);
        Assert.True(await first.IsReadyAsync() && await second.IsReadyAsync());
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        var folder = Folder("renewed");
        var port = FreePort.Next();
        await using var server = await ServerProcess.StartAsync(
            [], [.. _authority.Write(folder), new("Orleans:SiloPort", port.ToString(CultureInfo.InvariantCulture))]);

        var before = await ThumbprintAsync(port);
        _authority.Write(folder);
        var renewed = await ThumbprintAsync(port);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), "half a file", TestContext.Current.CancellationToken);
        var kept = await ThumbprintAsync(port);

        Assert.NotEqual(before, renewed);
        Assert.Equal(renewed, kept);
    }

    [Fact]
    public async Task A_certificate_that_is_not_for_both_sides_stops_the_start()
    {
        var settings = _authority.Write(Folder("half"), "1.3.6.1.5.5.7.3.1");

        await using var server = ServerProcess.Launch(
            [], [.. ServerProcess.FreePorts(), .. settings, new("Storage:Directory", Folder("half-data"))]);

        Assert.Equal(1, await server.ExitAsync(Patience));
        Assert.Contains("Orleans:Tls:Certificate", server.Errors, StringComparison.Ordinal);
    }

    private string Folder(string name) => _directory.CreateSubdirectory(name).FullName;

    /// <summary>Of the certificate that the silo port shows to another server.</summary>
    private async Task<string> ThumbprintAsync(int port)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var own = _authority.Issue();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port, cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "mdm-cluster",
                ClientCertificates = [own],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null, // it is looked at below
            },
            cancellation);
        return tls.RemoteCertificate!.GetCertHashString(); // a server shows one
    }
}
