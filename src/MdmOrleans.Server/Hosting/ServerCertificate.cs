using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MdmOrleans.Server.Hosting;

/// <summary>
/// The certificate of every TLS port: <c>Kestrel:Certificates:Default</c>, or one that the server makes in its data directory. When
/// its file changes, new connections get the new one.
/// </summary>
internal sealed partial class ServerCertificate(CertificateFile file, bool isOwn, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private const string Section = "Kestrel:Certificates:Default";

    private static readonly string[] PathKeys = [$"{Section}:Path", $"{Section}:KeyPath"];
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private SslStreamCertificateContext? _current;
    private byte[] _seen = [];
    private long _lookedAt;

    /// <summary>Looks at the file at most once a second; one that cannot be used leaves the one before in force.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            var last = Volatile.Read(ref _lookedAt);
            if (_current is not null
                && time.GetElapsedTime(last) >= BetweenLooks
                && Interlocked.CompareExchange(ref _lookedAt, time.GetTimestamp(), last) == last)
            {
                Refresh();
            }

            return _current ?? throw new InvalidOperationException("The server certificate was not loaded before its first use.");
        }
    }

    /// <summary>Makes paths of a configured one relative to the working directory, like every path in the settings.</summary>
    /// <remarks>Kestrel would look for them beside the dll.</remarks>
    /// <returns>Where it is; null where Kestrel is to find it in a store of the operating system.</returns>
    /// <exception cref="SettingException">Its file, or that of its key, is not there.</exception>
    public static CertificateFile? FindConfigured(IConfiguration configuration)
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

        var section = configuration.GetSection(Section);
        return section["Path"] is { Length: > 0 } found ? new CertificateFile(found, section["KeyPath"], section["Password"]) : null;
    }

    public static bool IsInStore(IConfiguration configuration) => configuration[$"{Section}:Subject"] is { Length: > 0 };

    /// <summary>Loads it, and makes it where it is the server's own and missing.</summary>
    /// <exception cref="SettingException">It cannot be read or made.</exception>
    public void Load()
    {
        try
        {
            if (isOwn && !File.Exists(file.Path))
            {
                OwnCertificate.Make(file.Path, time.GetUtcNow());
            }

            _seen = file.Fingerprint();
            _current = file.Load();
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
        }
        catch (Exception e) when (IsUnusable(e))
        {
            var key = isOwn ? "in Storage:Directory" : $"that {Section}:Path names";
            throw new SettingException($"The server certificate {file.Path} {key} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Gives it to every TLS port of Kestrel's, with the certificates between it and its authority.</summary>
    public void Serve(HttpsConnectionAdapterOptions https)
    {
        https.HandshakeTimeout = HandshakeTimeout;
        https.ServerCertificateSelector = (_, _) => Current.TargetCertificate; // Kestrel demands one
        https.OnAuthenticate = (_, tls) =>
        {
            tls.ServerCertificateSelectionCallback = null; // a selected certificate is sent without those in between
            tls.ServerCertificateContext = Current;
        };
    }

    private static bool IsUnusable(Exception exception) => exception is IOException or UnauthorizedAccessException or CryptographicException;

    private void Refresh()
    {
        try
        {
            var fingerprint = file.Fingerprint();
            if (fingerprint.AsSpan().SequenceEqual(_seen))
            {
                return;
            }

            _seen = fingerprint; // also where it cannot be used: that is said once
            _current = file.Load();
            LogReplaced(file.Path, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (IsUnusable(e))
        {
            if (_seen.Length > 0)
            {
                LogKept(e, file.Path);
            }

            _seen = e is CryptographicException ? _seen : []; // a file that is away is missed once
        }
    }
}
