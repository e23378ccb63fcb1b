using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MdmOrleans.Core.Integrations;

/// <summary>Proves a webhook: <c>t={unix},v1={hex hmac-sha256 of t + "." + body}</c>, no more than five minutes from now.</summary>
public static class InboundSignature
{
    private const int DigestBytes = 32;

    public static TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What a sender puts into <c>X-Mdm-Signature</c>.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var instant = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={instant},v1={Convert.ToHexStringLower(DigestOf(secret, instant, body))}";
    }

    /// <summary>True when it was signed with the secret, lately. Compares in a time that does not depend on where it differs.</summary>
    public static bool IsValid(string? header, string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (header?.Split(',') is not [var time, var digest]
            || !time.StartsWith("t=", StringComparison.Ordinal)
            || !digest.StartsWith("v1=", StringComparison.Ordinal)
            || !long.TryParse(time.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return false;
        }

        var given = new byte[DigestBytes];
        return digest.Length == 3 + (2 * DigestBytes)
            && Convert.FromHexString(digest.AsSpan(3), given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, DigestOf(secret, time[2..], body));
    }

    private static byte[] DigestOf(string secret, string instant, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(instant + "."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
