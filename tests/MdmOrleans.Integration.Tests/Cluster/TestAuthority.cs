using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Integration.Tests.Cluster;

/// <summary>Makes certificates for the servers of a cluster, as PEM files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Cluster authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(_now.AddDays(-1), _now.AddDays(30));
    }

    public void Dispose() => _root.Dispose();

    /// <summary>A certificate for servers and clients, with its key.</summary>
    public X509Certificate2 Issue(params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=A server", key, HashAlgorithmName.SHA256);
        var oids = new OidCollection();
        foreach (var usage in usages is [] ? ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"] : usages)
        {
            oids.Add(new Oid(usage));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        using var issued = request.Create(_root, _now.AddHours(-1), _now.AddDays(7), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Writes a new certificate, its key and the authority, and says where, as settings.</summary>
    public KeyValuePair<string, string>[] Write(string directory, params string[] usages)
    {
        using var certificate = Issue(usages);
        using var key = certificate.GetECDsaPrivateKey()!; // it was made with one
        File.WriteAllText(Path.Combine(directory, "server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "server.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(directory, "ca.crt"), _root.ExportCertificatePem());
        return
        [
            new("Orleans:Tls:Certificate", Path.Combine(directory, "server.crt")),
            new("Orleans:Tls:Key", Path.Combine(directory, "server.key")),
            new("Orleans:Tls:Authority", Path.Combine(directory, "ca.crt")),
        ];
    }
}
