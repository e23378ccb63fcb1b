using System.Collections.Immutable;

namespace MdmOrleans.Core;

/// <summary>Alternatives: one of them must hold. None: whatever it is.</summary>
[GenerateSerializer, Immutable, Alias("mdm.AnyOf")]
public readonly struct AnyOf(ImmutableArray<string> values) : IEquatable<AnyOf>
{
    [Id(0)]
    private readonly ImmutableArray<string> _values = values;

    public ImmutableArray<string> Values => _values.IsDefault ? [] : _values;

    public bool IsEmpty => _values.IsDefaultOrEmpty;

    public static bool operator ==(AnyOf left, AnyOf right) => left.Equals(right);

    public static bool operator !=(AnyOf left, AnyOf right) => !left.Equals(right);

    public bool Equals(AnyOf other) => Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override bool Equals(object? obj) => obj is AnyOf other && Equals(other);

    public override int GetHashCode() => Values.Length == 0 ? 0 : HashCode.Combine(Values.Length, Values[0]);

    /// <summary>As a query has it, with commas.</summary>
    public override string ToString() => string.Join(',', Values);
}

/// <summary>What a person searches a fleet for, already valid. All members must hold; states are spelled as on the wire.</summary>
[GenerateSerializer, Immutable, Alias("mdm.DeviceSearch")]
public sealed record DeviceSearch
{
    [Id(0)]
    public AnyOf Lifecycle { get; init; }

    [Id(1)]
    public AnyOf Compliance { get; init; }

    [Id(2)]
    public AnyOf Access { get; init; }

    [Id(3)]
    public AnyOf Platform { get; init; }

    /// <summary>Each the name of a label, or name=value.</summary>
    [Id(4)]
    public AnyOf Label { get; init; }

    [Id(5)]
    public AnyOf Serial { get; init; }

    [Id(6)]
    public AnyOf Model { get; init; }

    [Id(7)]
    public AnyOf Owner { get; init; }

    /// <summary>Ids of apps that are installed.</summary>
    [Id(8)]
    public AnyOf App { get; init; }

    /// <summary>Ids of rules that the twin's findings name.</summary>
    [Id(9)]
    public AnyOf Rule { get; init; }

    /// <summary>Each a <see cref="Compliance.VersionCondition"/>: one of the plain versions must hold, and all of the others.</summary>
    [Id(10)]
    public AnyOf OsVersion { get; init; }
}
