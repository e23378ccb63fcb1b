using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Server.Hosting;

/// <summary>The certificate of the TLS port where <c>Kestrel:Certificates:Default</c> names none: made once, kept in the data directory.</summary>
internal static class ServerCertificate
{
    private const string FileName = "server.pfx";

    private static readonly string[] PathKeys = ["Kestrel:Certificates:Default:Path", "Kestrel:Certificates:Default:KeyPath"];

    /// <summary>Makes paths of a configured one relative to the working directory, like every path in the settings.</summary>
    /// <remarks>Kestrel would look for them beside the dll.</remarks>
    /// <exception cref="SettingException">Its file, or that of its key, is not there.</exception>
    public static void ResolveConfigured(IConfiguration configuration)
    {
        foreach (var key in PathKeys)
        {
            if (configuration[key] is not { Length: > 0 } path)
            {
                continue;
            }

            configuration[key] = Path.GetFullPath(path);
            if (!File.Exists(path))
            {
                throw new SettingException($"{key} is '{path}', and there is no such file.");
            }
        }
    }

    /// <exception cref="SettingException">The file cannot be read or written.</exception>
    public static X509Certificate2 LoadOrMake(string directory, TimeProvider time)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            if (!File.Exists(path))
            {
                Make(path, time.GetUtcNow());
            }

            return X509CertificateLoader.LoadPkcs12FromFile(path, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingException($"The server certificate {path} in Storage:Directory cannot be used: {e.Message}", e);
        }
    }

    private static void Make(string path, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MdmOrleans server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // server authentication
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        PrivateFile.Write(path, certificate.Export(X509ContentType.Pkcs12));
    }
}
