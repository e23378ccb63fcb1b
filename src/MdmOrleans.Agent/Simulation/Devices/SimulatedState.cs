using System.Collections.Immutable;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>What changes about one simulated device.</summary>
internal sealed record SimulatedState
{
    /// <summary>Simulated hours since the start.</summary>
    public double Hours { get; init; }

    /// <summary>Index into the releases of its platform.</summary>
    public required int Release { get; init; }

    public required DateOnly PatchedOn { get; init; }

    /// <summary>Whether the flaw of the device shows at the moment.</summary>
    public required bool IsFlawed { get; init; }

    /// <summary>When the flaw is mended or comes back, in hours.</summary>
    public required double FlawTurnsAt { get; init; }

    public required ImmutableArray<InstalledApp> Apps { get; init; }

    public bool IsVpnUp { get; init; } = true;

    public bool IsLocked { get; init; }

    public bool IsLost { get; init; }

    public string? Name { get; init; }
}
