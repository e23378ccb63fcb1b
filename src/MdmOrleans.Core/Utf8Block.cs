using System.Text;

namespace MdmOrleans.Core;

/// <summary>A valid JSON value as the UTF-8 bytes in which it came, parsed only where a rule needs it.</summary>
/// <remarks>Equal by content. The bytes must not be written to after construction. <c>default</c> means that there is none.</remarks>
[GenerateSerializer, Immutable, Alias("mdm.Utf8Block")]
public readonly struct Utf8Block(byte[]? bytes) : IEquatable<Utf8Block>
{
    [Id(0)]
    private readonly byte[]? _bytes = bytes;

    /// <summary>True when nothing was ever given; an empty JSON array or object is not absent.</summary>
    public bool IsAbsent => _bytes is null;

    public ReadOnlySpan<byte> Span => _bytes;

    public ReadOnlyMemory<byte> Memory => _bytes;

    public static Utf8Block FromText(string json) => new(Encoding.UTF8.GetBytes(json));

    public static bool operator ==(Utf8Block left, Utf8Block right) => left.Equals(right);

    public static bool operator !=(Utf8Block left, Utf8Block right) => !left.Equals(right);

    /// <summary>True when both hold the same array: the cheap way to see that a part was never touched.</summary>
    public bool IsSameAs(Utf8Block other) => ReferenceEquals(_bytes, other._bytes);

    public bool Equals(Utf8Block other) =>
        IsSameAs(other) || (_bytes is not null && other._bytes is not null && Span.SequenceEqual(other.Span));

    public override bool Equals(object? obj) => obj is Utf8Block other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => _bytes is null ? string.Empty : Encoding.UTF8.GetString(_bytes);
}
