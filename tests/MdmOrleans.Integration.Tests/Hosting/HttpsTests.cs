using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>Outside Development keys and tokens do not travel in the clear.</summary>
[Collection(ApiTests.Name)]
public sealed class HttpsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-https-").FullName;
    private ApiHost _host = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(_directory);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/metrics")]
    [InlineData("/v1/tenants")]
    [InlineData("/docs")]
    public async Task Everything_is_served_over_HTTPS_with_the_servers_certificate(string path)
    {
        using var client = await AClientAsync();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(Uri.UriSchemeHttps, _host.SecureAddress.Scheme);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false)]
    [SuppressMessage("Interoperability", "CA1416", Justification = "These tests need Linux for other reasons, too.")]
    [SuppressMessage("Security", "CA5398", Justification = "It is TLS 1.2 that is tested.")]
    public async Task In_tls_1_2_there_is_no_cbc_for_http_either(TlsCipherSuite suite, bool isTaken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_host.SecureAddress.Host, _host.SecureAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate is not null);

        var failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
        }, TestContext.Current.CancellationToken));

        Assert.Equal(isTaken, failure is null);
    }

    [Fact]
    public async Task The_dashboard_takes_the_key_as_a_password_over_HTTPS()
    {
        using var client = await AClientAsync();
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{await _host.ReadAdminKeyAsync()}"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", password);

        using var answer = await client.GetAsync(new Uri("/dashboard/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task An_access_stream_is_served_over_HTTP_2()
    {
        using var client = await AClientAsync();
        using var body = new StringContent("""{ "name": "A tenant" }""", new MediaTypeHeaderValue("application/json"));
        await client.PutAsync(new Uri("/v1/tenants/acme", UriKind.Relative), body, TestContext.Current.CancellationToken);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tenants/acme/access/stream")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_device_reaches_mqtt_over_a_secure_WebSocket()
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.RemoteCertificateValidationCallback = IsTheServers;

        await socket.ConnectAsync(new UriBuilder(_host.SecureAddress) { Scheme = "wss", Path = "/mqtt" }.Uri, TestContext.Current.CancellationToken);

        Assert.Equal(("mqtt", WebSocketState.Open), (socket.SubProtocol, socket.State));
    }

    [Fact]
    public async Task The_HTTPS_port_does_not_speak_plain_HTTP()
    {
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(
            new UriBuilder(_host.SecureAddress) { Scheme = "http" }.Uri, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_plain_port_is_on_loopback_whatever_the_address_unless_plain_is_allowed()
    {
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(_host.Address.Host)));
        var directory = Directory.CreateTempSubdirectory("mdm-https-");
        try
        {
            await using (var host = await ApiHost.StartAsync(directory.FullName, settings: ["--Http:Address=any"]))
            {
                Assert.Equal(("[::]", "127.0.0.1"), (host.SecureAddress.Host, host.Address.Host));
            }

            await using (var host = await ApiHost.StartAsync(directory.FullName, settings: ["--Http:Address=any", "--Http:AllowPlain=true"]))
            {
                Assert.Equal(("[::]", "[::]"), (host.SecureAddress.Host, host.Address.Host));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>A client of this server and no other: it knows the certificate.</summary>
    private async Task<HttpClient> AClientAsync()
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsTheServers } };
        var client = new HttpClient(handler) { BaseAddress = _host.SecureAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await _host.ReadAdminKeyAsync());
        return client;
    }

    private bool IsTheServers(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(_directory, "server.pfx"), null).GetCertHashString();
}
