using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Access;

/// <summary>Debian's nginx in front of a shop: it proves devices by their certificates, and asks us whether they may in.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>What stands behind it.</summary>
    public const string Inside = "inside";

    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo _directory;
    private readonly X509Certificate2 _authority;
    private readonly ChildProcess _process;
    private readonly int _port;

    private Nginx(DirectoryInfo directory, X509Certificate2 authority, ChildProcess process, int port) =>
        (_directory, _authority, _process, _port) = (directory, authority, process, port);

    /// <param name="api">Of our server.</param>
    /// <param name="key">By which it asks.</param>
    public static async Task<Nginx> StartAsync(Uri api, string key)
    {
        var directory = Directory.CreateTempSubdirectory("mdm-nginx-");
        var port = FreePort.Next();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = Certificate("CN=Device CA", authorityKey, null);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = Certificate("CN=localhost", serverKey, authority);
        Write("ca.pem", authority.ExportCertificatePem());
        Write("server.pem", server.ExportCertificatePem());
        Write("server.key", serverKey.ExportPkcs8PrivateKeyPem());
        Write("index.html", Inside);
        Write("nginx.conf", Configuration(api, key, port));
        var process = ChildProcess.Start(Program, ["-e", "stderr", "-p", directory.FullName, "-c", "nginx.conf"]);
        var nginx = new Nginx(directory, authority, process, port);
        await Eventually.TrueAsync(() => process.HasExited ? throw process.Failure("ended") : IsListeningAsync(port), "nginx listens", TimeSpan.FromSeconds(20));
        return nginx;

        void Write(string name, string text) => File.WriteAllText(Path.Combine(directory.FullName, name), text);
    }

    /// <summary>A device at the door, with a certificate of its own.</summary>
    /// <param name="name">As <c>tenant:device</c>.</param>
    public HttpClient As(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Certificate($"CN={name}", key, _authority);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new()
            {
                ClientCertificates = [X509CertificateLoader.LoadPkcs12(certificate.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null)],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Issuer == _authority.Subject,
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{_port.ToString(CultureInfo.InvariantCulture)}") };
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    // The header is set, not added: what a client sends under this name never gets through.
    private static string Configuration(Uri api, string key, int port) => FormattableString.Invariant($$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
            access_log off;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            map $ssl_client_s_dn $device { ~^CN=(?<name>[^,]+)$ $name; }
            server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_certificate server.pem;
                ssl_certificate_key server.key;
                ssl_client_certificate ca.pem;
                ssl_verify_client on;
                root .;
                location / {
                    auth_request /access;
                    auth_request_set $access $upstream_http_x_mdm_access;
                    auth_request_set $zone $upstream_http_x_mdm_zone;
                    error_page 403 = @refused;
                }
                location = /access {
                    internal;
                    proxy_pass {{api}}v1/access/check;
                    proxy_pass_request_body off;
                    proxy_set_header Content-Length "";
                    proxy_set_header Authorization "Bearer {{key}}";
                    proxy_set_header X-Mdm-Device $device;
                }
                location @refused {
                    if ($access = quarantine) { return 302 https://restricted.example/$zone; }
                    return 403;
                }
            }
        }
        """);

    private static X509Certificate2 Certificate(string subject, ECDsa key, X509Certificate2? issuer)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return issuer is null
            ? request.CreateSelfSigned(now.AddDays(-2), now.AddDays(30))
            : request.Create(issuer, now.AddDays(-1), now.AddDays(20), RandomNumberGenerator.GetBytes(8));
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
