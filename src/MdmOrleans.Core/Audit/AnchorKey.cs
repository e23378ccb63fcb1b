using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MdmOrleans.Core.Audit;

/// <summary>The key with which heads of chains are anchored. It lies outside the database: who can write there cannot make an anchor.</summary>
public sealed class AnchorKey
{
    public const int Length = 32;

    private readonly byte[] _secret;

    /// <param name="secret">256 random bits.</param>
    public AnchorKey(byte[] secret)
    {
        _secret = secret;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_secret, "mdm.anchor-key"u8).AsSpan(0, 8));
    }

    /// <summary>Tells keys apart, and nothing of the key.</summary>
    public string Id { get; }

    /// <summary>Reads 64 hexadecimal digits; blanks around them are ignored.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AnchorKey? key)
    {
        var secret = new byte[Length];
        var isHex = Convert.FromHexString(text.AsSpan().Trim(), secret, out _, out var written) is System.Buffers.OperationStatus.Done;
        key = isHex && written == Length && text.AsSpan().Trim().Length == Length * 2 ? new AnchorKey(secret) : null;
        return key is not null;
    }

    internal byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_secret, content);
}
