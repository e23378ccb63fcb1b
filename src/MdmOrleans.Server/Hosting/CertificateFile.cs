using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MdmOrleans.Server.Hosting;

/// <summary>A certificate with its key, and the certificates that lead from it to an authority, in PEM or PKCS #12.</summary>
/// <param name="KeyPath">Null: the key is in the same file.</param>
/// <param name="Password">Of the key; null: it has none.</param>
internal sealed record CertificateFile(string Path, string? KeyPath = null, string? Password = null)
{
    private const string PemMark = "-----BEGIN";

    /// <summary>Changes with the content of the files, whatever their times say.</summary>
    public byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(Path));
        hash.AppendData(KeyPath is null ? [] : File.ReadAllBytes(KeyPath));
        return hash.GetHashAndReset();
    }

    /// <exception cref="CryptographicException">The files hold no certificate with its key.</exception>
    public SslStreamCertificateContext Load()
    {
        var all = new X509Certificate2Collection();
        X509Certificate2? leaf;
        if (Encoding.ASCII.GetString(File.ReadAllBytes(Path)).Contains(PemMark, StringComparison.Ordinal))
        {
            all.ImportFromPemFile(Path);
            leaf = Password is null
                ? X509Certificate2.CreateFromPemFile(Path, KeyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(Path, Password, KeyPath);
        }
        else
        {
            all.AddRange(X509CertificateLoader.LoadPkcs12CollectionFromFile(Path, Password));
            leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey);
        }

        _ = leaf ?? throw new CryptographicException("No certificate in it has its key.");
        return SslStreamCertificateContext.Create(leaf, [.. all.Where(certificate => !certificate.Equals(leaf))], offline: true);
    }
}
