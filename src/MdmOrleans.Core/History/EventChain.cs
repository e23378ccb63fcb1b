namespace MdmOrleans.Core.History;

/// <summary>Where the chain of a device's events ends.</summary>
[GenerateSerializer, Immutable, Alias("mdm.EventChain")]
public sealed record EventChain([property: Id(0)] long Number, [property: Id(1)] ReadOnlyMemory<byte> Hash)
{
    public static EventChain Empty { get; } = new(0, ReadOnlyMemory<byte>.Empty);

    public bool Equals(EventChain? other) => other is not null && Number == other.Number && Hash.Span.SequenceEqual(other.Hash.Span);

    public override int GetHashCode() => Number.GetHashCode();
}
