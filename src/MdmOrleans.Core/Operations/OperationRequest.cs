using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Operations;

/// <summary>One command for every device that a filter finds; already valid.</summary>
[GenerateSerializer, Immutable, Alias("mdm.OperationRequest")]
public sealed record OperationRequest : IActed
{
    public const int MaxRatePerSecond = 10_000;

    public const int DefaultRatePerSecond = 100;

    /// <summary>What each device is asked; its reason and its idempotency key are those of the operation.</summary>
    [Id(0)]
    public required CommandRequest Command { get; init; }

    [Id(1)]
    public required DeviceFilter Filter { get; init; }

    /// <summary>Devices that are asked in a second at most; 1 to <see cref="MaxRatePerSecond"/>.</summary>
    [Id(2)]
    public int RatePerSecond { get; init; } = DefaultRatePerSecond;

    /// <summary>How much of the fleet each wave reaches, in percent, with those before it: ascending, the last is 100.</summary>
    [Id(3)]
    public ImmutableArray<int> Waves { get; init; } = WaveRules.Default;

    /// <summary>It stops when a larger share of a wave's devices has failed; 0 to 100, null: it never does.</summary>
    [Id(4)]
    public double? MaxFailurePercent { get; init; }

    object IActed.ActedBy(string actor) => this with { Command = (CommandRequest)((IActed)Command).ActedBy(actor) };

    /// <summary>Whether it asks the same of the same devices, whoever asks, at whatever rate and bound: those may have been changed since.</summary>
    public bool AsksTheSame(OperationRequest other) =>
        (Command.Kind, Command.Parameters, Command.ExpiresIn, Command.InPatchWindow)
            == (other.Command.Kind, other.Command.Parameters, other.Command.ExpiresIn, other.Command.InPatchWindow)
        && (Filter with { Names = default }) == (other.Filter with { Names = default })
        && (Filter.Names.IsDefault ? other.Filter.Names.IsDefault : !other.Filter.Names.IsDefault && Filter.Names.SequenceEqual(other.Filter.Names))
        && Waves.SequenceEqual(other.Waves);
}

/// <summary>What of a running operation is to be different; what is null stays.</summary>
/// <param name="MaxFailurePercent">Counts only where <paramref name="ChangesMaxFailure"/>; null: no bound.</param>
[GenerateSerializer, Immutable, Alias("mdm.OperationChange")]
public sealed record OperationChange(
    [property: Id(0)] int? RatePerSecond, [property: Id(1)] bool ChangesMaxFailure, [property: Id(2)] double? MaxFailurePercent)
{
    /// <summary>Null: whatever the version.</summary>
    [Id(3)]
    public long? ExpectedVersion { get; init; }
}
