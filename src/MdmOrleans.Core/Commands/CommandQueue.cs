using System.Collections.Immutable;

namespace MdmOrleans.Core.Commands;

/// <summary>The commands of one device.</summary>
[GenerateSerializer, Immutable, Alias("mdm.CommandQueue")]
public sealed record CommandQueue
{
    /// <summary>Pending commands of a device; the reserved kinds have <see cref="ReservedCapacity"/> places more.</summary>
    public const int Capacity = 64;

    public const int ReservedCapacity = 8;

    /// <summary>Finished commands that stay with the twin.</summary>
    public const int FinishedCapacity = 32;

    public static CommandQueue Empty { get; } = new();

    /// <summary>In the order in which they will be offered: priority lane first, then first in, first out.</summary>
    [Id(0)]
    public ImmutableArray<DeviceCommand> Pending { get; init; } = [];

    /// <summary>Newest first.</summary>
    [Id(1)]
    public ImmutableArray<DeviceCommand> Finished { get; init; } = [];

    public bool Equals(CommandQueue? other) =>
        ReferenceEquals(this, other) || (other is not null
        && Pending.AsSpan().SequenceEqual(other.Pending.AsSpan())
        && Finished.AsSpan().SequenceEqual(other.Finished.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Pending.Length, Finished.Length);
}
