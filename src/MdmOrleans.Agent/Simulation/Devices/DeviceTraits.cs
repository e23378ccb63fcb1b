using System.Globalization;
using System.Text;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>What is out of order with a device, most of the time.</summary>
internal enum Flaw
{
    None,
    OldSystem,
    Unencrypted,
    Jailbroken,
    StalePatches,
}

/// <summary>How reliably a device is there.</summary>
internal enum Habit
{
    Steady,

    /// <summary>Goes offline for a while, again and again.</summary>
    ComesAndGoes,

    /// <summary>Is heard of for a while, and then never again.</summary>
    GoesSilent,
}

/// <summary>What never changes about one simulated device.</summary>
internal sealed record DeviceTraits
{
    private static readonly string[] TimeZones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Sydney"];

    public required PlatformTraits Platform { get; init; }

    public required string Model { get; init; }

    public required string Serial { get; init; }

    public required string TimeZone { get; init; }

    public required Flaw Flaw { get; init; }

    public required Habit Habit { get; init; }

    /// <summary>How far its own clock is off.</summary>
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>A device without a passcode that shows one app only.</summary>
    public required bool IsKiosk { get; init; }

    /// <summary>Where it is between full and empty at the start, in percent.</summary>
    public required int BatteryPhase { get; init; }

    /// <summary>The same for the same device and seed, whatever the rest of the fleet is.</summary>
    /// <param name="rank">Its place among the devices of the fleet that are mobile or not, as it is; decides about its flaw and habit.</param>
    public static DeviceTraits Of(FleetCredential device, int rank, int seed)
    {
        var random = RandomOf(device, seed);
        var platform = PlatformCatalog.Of(device.Platform);
        return new DeviceTraits
        {
            Platform = platform,
            Model = platform.Models[random.Next(platform.Models.Length)],
            Serial = string.Create(CultureInfo.InvariantCulture, $"SIM{random.NextInt64(0x10_0000_0000):X9}"),
            TimeZone = TimeZones[random.Next(TimeZones.Length)],
            Flaw = FlawOf(platform.IsMobile, rank),
            Habit = (rank % 25) switch { 6 or 19 => Habit.ComesAndGoes, 13 => Habit.GoesSilent, _ => Habit.Steady },
            ClockSkew = rank % 9 == 7 ? TimeSpan.FromMinutes(random.Next(-180, 180)) : TimeSpan.FromSeconds(random.NextDouble() * 4 - 2),
            IsKiosk = platform.IsMobile && rank % 10 == 9,
            BatteryPhase = random.Next(80),
        };
    }

    /// <summary>Not from string.GetHashCode, which differs from run to run.</summary>
    public static Random RandomOf(FleetCredential device, int seed)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var b in Encoding.UTF8.GetBytes($"{device.Tenant}:{device.Device}"))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return new Random((int)hash);
    }

    // By place and not by chance, so that a fleet of 25 has a few of them whatever the seed.
    private static Flaw FlawOf(bool isMobile, int rank) => (isMobile, rank % 13) switch
    {
        (true, 2) => Flaw.OldSystem,
        (true, 5) => Flaw.Unencrypted,
        (true, 8) => Flaw.Jailbroken,
        (true, 11) => Flaw.StalePatches,
        (false, 4) => Flaw.Unencrypted,
        (false, 9) => Flaw.OldSystem,
        _ => Flaw.None,
    };
}
