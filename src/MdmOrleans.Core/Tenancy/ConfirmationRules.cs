using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MdmOrleans.Core.Tenancy;

/// <summary>Words by which a caller confirms one request whose effect was shown.</summary>
/// <remarks>A word holds its end and a proof of it, so that nothing has to be remembered but the key.</remarks>
public static class ConfirmationRules
{
    private const int ProofLength = 16;
    private const int EndLength = 8;

    /// <summary>How long a word counts.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(10);

    /// <param name="request">Everything that it confirms: who asks, for what, with which body.</param>
    public static string Issue(ReadOnlySpan<byte> key, string request, DateTimeOffset now)
    {
        var end = (now + Life).ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture);
        return end + Prove(key, request, end);
    }

    public static bool Accepts(ReadOnlySpan<byte> key, string request, string word, DateTimeOffset now)
    {
        if (word.Length != EndLength + ProofLength
            || !long.TryParse(word.AsSpan(0, EndLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end))
        {
            return false;
        }

        var seconds = now.ToUnixTimeSeconds();
        return seconds <= end
            && end <= seconds + (long)Life.TotalSeconds // a clock that stepped back does not lengthen it
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(word[EndLength..]), Encoding.UTF8.GetBytes(Prove(key, request, word[..EndLength])));
    }

    private static string Prove(ReadOnlySpan<byte> key, string request, string end) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{end}\n{request}")))[..ProofLength];
}
