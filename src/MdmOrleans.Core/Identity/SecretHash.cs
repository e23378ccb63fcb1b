using System.Security.Cryptography;
using System.Text;

namespace MdmOrleans.Core.Identity;

/// <summary>SHA-256 of a key or token of 256 random bits. The secret itself is never kept.</summary>
/// <remarks>No salt and no stretching: they protect secrets that can be guessed, and these cannot.</remarks>
[GenerateSerializer, Immutable, Alias("mdm.SecretHash")]
public sealed class SecretHash(byte[] digest)
{
    [Id(0)]
    private readonly byte[] _digest = digest;

    public ReadOnlyMemory<byte> Digest => _digest;

    public static SecretHash Of(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static SecretHash Of(ReadOnlySpan<byte> secret) => new(SHA256.HashData(secret));

    /// <summary>Compares in a time that does not depend on where they differ.</summary>
    public bool Matches(SecretHash other) => CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    public override string ToString() => "***";
}
