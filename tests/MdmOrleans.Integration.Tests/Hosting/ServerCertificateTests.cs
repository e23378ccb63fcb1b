using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MdmOrleans.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Hosting;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-certificate-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_certificate_that_is_replaced_on_disk_is_served_a_second_later()
    {
        var certificate = Loaded(Pem("first"));
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);

        Pem("second");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void A_file_that_holds_no_certificate_or_is_away_leaves_the_one_before_in_force()
    {
        var file = Pem("first");
        var certificate = Loaded(file);

        File.WriteAllText(file.Path, "half a cert");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);
        File.Delete(file.Path);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);

        Pem("second");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void The_certificates_between_it_and_its_authority_are_sent_with_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = Authority("root", null);
        var between = Authority("between", authority);
        var leaf = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256)
            .Create(between, between.NotBefore, between.NotAfter, [1, 2, 3]);
        var file = Pem("first");
        File.WriteAllText(file.Path, $"{leaf.ExportCertificatePem()}\n{between.ExportCertificatePem()}\n");
        File.WriteAllText(file.KeyPath!, key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(["CN=between"], Loaded(file).Current.IntermediateCertificates.Select(certificate => certificate.Subject));
    }

    [Fact]
    public void A_configured_file_that_holds_no_certificate_is_refused_by_its_key()
    {
        var file = Pem("first");
        File.WriteAllText(file.Path, "nothing");

        var refusal = Assert.Throws<SettingException>(() => Loaded(file));

        Assert.Contains("Kestrel:Certificates:Default:Path", refusal.Message, StringComparison.Ordinal);
    }

    private ServerCertificate Loaded(CertificateFile file)
    {
        var certificate = new ServerCertificate(file, isOwn: false, _time, NullLogger<ServerCertificate>.Instance);
        certificate.Load();
        return certificate;
    }

    private CertificateFile Pem(string name)
    {
        var file = new CertificateFile(Path.Combine(_directory.FullName, "tls.crt"), Path.Combine(_directory.FullName, "tls.key"));
        var certificate = SelfSigned(name);
        File.WriteAllText(file.Path, certificate.ExportCertificatePem());
        File.WriteAllText(file.KeyPath!, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return issuer is null
            ? request.CreateSelfSigned(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(1))
            : request.Create(issuer, issuer.NotBefore, issuer.NotAfter, [4, 5, 6]).CopyWithPrivateKey(key);
    }

    private X509Certificate2 SelfSigned(string name)
    {
        var request = new CertificateRequest($"CN={name}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow().AddDays(1));
    }
}
