using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Agent.Simulation;

/// <summary>How a fleet behaves.</summary>
public sealed class SimulatedFleetOptions
{
    /// <summary>As in <see cref="Sdk.DeviceClientOptions.Endpoint"/>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The same seed and credentials give the same devices, which change in the same way. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Devices that connect in a second at the start; more than 0. Default 50.</summary>
    public double ConnectsPerSecond { get; init; } = 50;

    /// <summary>How much faster the devices change than the clock goes; more than 0. Default 60: an hour a minute.</summary>
    public double TimeScale { get; init; } = 60;

    /// <summary>Check in this often, whatever the server says. Null: when it says.</summary>
    public TimeSpan? CheckInEvery { get; init; }

    /// <summary>As in <see cref="Sdk.DeviceClientOptions.TrustedRoots"/>.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    public bool UseMqtt311 { get; init; }
}
