using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Server.Hosting.Cluster;

/// <summary>The certificate of this server in its cluster, and whom it trusts. A renewed file counts from the next connection on.</summary>
internal sealed partial class ClusterCertificates(ClusterTlsFiles files, ILogger<ClusterCertificates> logger)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly Lock _lock = new();
    private Loaded? _loaded;

    /// <summary>Of this server, as the files have it now; while they cannot be used, the one before.</summary>
    public X509Certificate2 Certificate => Current().Certificate;

    /// <exception cref="SettingException">The files cannot be used.</exception>
    public void Demand() => _loaded = Load(Read());

    /// <summary>Whether the authority made this certificate, for servers and clients, and it is valid now. Names do not matter.</summary>
    /// <param name="sent">What the other side sent with it.</param>
    public bool IsTrusted(X509Certificate2 certificate, X509Chain? sent) => IsTrusted(certificate, Current().Authority, sent);

    // Connections between servers are few, so each looks at the files.
    private Loaded Current()
    {
        lock (_lock)
        {
            try
            {
                var contents = Read();
                if (_loaded?.IsOf(contents) != true)
                {
                    var isRenewal = _loaded is not null;
                    _loaded = Load(contents);
                    if (isRenewal)
                    {
                        LogRenewed(_loaded.Certificate.Thumbprint, _loaded.Certificate.NotAfter.ToUniversalTime());
                    }
                }
            }
            catch (SettingException e) when (_loaded is not null)
            {
                LogUnusable(e.Message); // a file may be half written; the next connection looks again
            }

            return _loaded!;
        }
    }

    private byte[][] Read() =>
    [
        Read(ClusterTlsFiles.CertificateKey, files.Certificate),
        Read(ClusterTlsFiles.KeyKey, files.Key),
        Read(ClusterTlsFiles.AuthorityKey, files.Authority),
    ];

    private static byte[] Read(string key, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SettingException($"{key} is '{path}', and there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{key} is '{path}', and that file cannot be read: {e.Message}", e);
        }
    }

    private Loaded Load(byte[][] contents)
    {
        var authority = new X509Certificate2Collection();
        X509Certificate2 certificate;
        try
        {
            authority.ImportFromPem(Text(contents[2]));
            using var read = X509Certificate2.CreateFromPem(Text(contents[0]), Text(contents[1]));
            certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null); // TLS on Windows takes no key of memory alone
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new SettingException(
                $"{ClusterTlsFiles.CertificateKey} '{files.Certificate}' and {ClusterTlsFiles.KeyKey} '{files.Key}' are not a certificate and its key in PEM, or {ClusterTlsFiles.AuthorityKey} '{files.Authority}' holds no certificates: {e.Message}", e);
        }

        if (authority.Count == 0)
        {
            throw new SettingException($"{ClusterTlsFiles.AuthorityKey} is '{files.Authority}', and there is no certificate in it.");
        }

        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.OfType<Oid>());
        if (!usages.Select(usage => usage.Value).ToHashSet().IsSupersetOf([ServerAuthentication.Value, ClientAuthentication.Value]))
        {
            throw new SettingException(
                $"{ClusterTlsFiles.CertificateKey} is '{files.Certificate}', and that certificate is not for both server and client authentication (extended key usage).");
        }

        return IsTrusted(certificate, authority, sent: null)
            ? new Loaded(contents, certificate, authority)
            : throw new SettingException(
                $"{ClusterTlsFiles.CertificateKey} is '{files.Certificate}', and {ClusterTlsFiles.AuthorityKey} '{files.Authority}' did not make that certificate, or it is not valid now.");
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection authority, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }

    private static string Text(byte[] pem) => System.Text.Encoding.ASCII.GetString(pem);

    private sealed record Loaded(byte[][] Contents, X509Certificate2 Certificate, X509Certificate2Collection Authority)
    {
        public bool IsOf(byte[][] contents) => Contents.Zip(contents).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
    }

    [LoggerMessage(5601, LogLevel.Information, "The certificate of this server in its cluster is now {Thumbprint}, valid until {NotAfter:u}")]
    private partial void LogRenewed(string thumbprint, DateTime notAfter);

    [LoggerMessage(5602, LogLevel.Warning, "The renewed certificate of this server in its cluster cannot be used, and the one before stays in use: {Reason}")]
    private partial void LogUnusable(string reason);
}
