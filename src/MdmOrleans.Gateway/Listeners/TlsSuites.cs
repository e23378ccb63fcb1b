using System.Net.Security;
using System.Runtime.Versioning;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>The cipher suites of TLS: with forward secrecy and authenticated encryption, so none with CBC.</summary>
public static class TlsSuites
{
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    /// <summary>Where a process may choose; on Windows the machine's policy decides, and setting one would fail every handshake.</summary>
    [UnsupportedOSPlatformGuard("windows")]
    [UnsupportedOSPlatformGuard("android")]
    internal static bool CanChoose => !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid();

    /// <summary>Null where the machine decides.</summary>
    private static CipherSuitesPolicy? Policy { get; } = CanChoose ? new CipherSuitesPolicy(Suites) : null;

    /// <summary>Leaves the choice to the machine where a process has none.</summary>
    public static void Apply(SslServerAuthenticationOptions tls)
    {
        if (CanChoose)
        {
            tls.CipherSuitesPolicy = Policy;
        }
    }
}
