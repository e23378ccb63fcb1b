using System.Collections.Immutable;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>What devices of one platform are like.</summary>
/// <param name="Releases">Versions of the system, oldest first; the first one is older than any sensible policy allows.</param>
/// <param name="HasBattery">Whether the device runs on one.</param>
internal sealed record PlatformTraits(
    string Platform,
    bool IsMobile,
    bool HasBattery,
    ImmutableArray<string> Models,
    ImmutableArray<string> Releases,
    ImmutableArray<InstalledApp> Apps)
{
    /// <summary>Days between releases, once the listed ones are out.</summary>
    private const double DaysBetweenReleases = 30;

    /// <summary>The newest release after so many hours.</summary>
    public int NewestAt(double hours) => Releases.Length - 1 + (int)(hours / 24 / DaysBetweenReleases);

    /// <summary>Later ones than those listed are updates of the last.</summary>
    public string Version(int release) =>
        release < Releases.Length ? Releases[release] : $"{Releases[^1]}.{release - Releases.Length + 1}";
}

/// <summary>The platforms of a mixed fleet.</summary>
internal static class PlatformCatalog
{
    // One letter a device: a fleet of 25 has 11 android, 5 ios, 2 ipados, 2 macos, 3 windows, 2 linux.
    private const string Mix = "aiawaiapamaialaiwaimapwla";

    private static readonly ImmutableArray<InstalledApp> Everywhere =
    [
        new("com.microsoft.teams", "1.24.7"), new("com.microsoft.outlook", "4.2447.0"), new("com.salesforce.chatter", "252.0"),
        new("com.slack", "24.11.10"), new("com.okta.verify", "8.6.1"), new("com.adobe.reader", "24.10.1"),
    ];

    private static readonly ImmutableArray<PlatformTraits> All =
    [
        new(PlatformNames.Android, true, true, ["Zebra TC58", "Google Pixel 9a", "Honeywell CT47"], ["12", "15", "16"],
            [.. Everywhere, new("com.google.android.gms", "25.42.33"), new("com.android.chrome", "131.0.6778")]),
        new(PlatformNames.Ios, true, true, ["iPhone 15", "iPhone 16e", "iPhone SE"], ["15.8", "26.0", "26.1"],
            [.. Everywhere, new("com.apple.mobilesafari", "26.1"), new("com.box.net", "6.4.2")]),
        new(PlatformNames.Ipados, true, true, ["iPad Air", "iPad mini"], ["15.8", "26.0", "26.1"],
            [.. Everywhere, new("com.apple.mobilesafari", "26.1"), new("com.procreate", "5.4.1")]),
        new(PlatformNames.Macos, false, true, ["MacBook Air", "MacBook Pro"], ["12.7.6", "26.0", "26.1"],
            [.. Everywhere, new("com.apple.Safari", "26.1"), new("com.jetbrains.rider", "2026.2.1")]),
        new(PlatformNames.Windows, false, true, ["Dell Latitude 7450", "Lenovo ThinkPad T14"], ["10.0.19045", "10.0.26100", "10.0.26200"],
            [.. Everywhere, new("microsoft.edge", "131.0.2903"), new("7zip", "24.8.0")]),
        new(PlatformNames.Linux, false, false, ["Dell OptiPlex 7020", "Raspberry Pi 5"], ["10", "12", "13"],
            [new("com.microsoft.teams", "1.24.7"), new("bash", "5.2.37"), new("openssh-server", "10.0p1"), new("linux-image-amd64", "6.12.57")]),
    ];

    /// <summary>The platform of the n-th device of a fleet.</summary>
    public static string PlatformOf(int index) => Mix[index % Mix.Length] switch
    {
        'a' => PlatformNames.Android,
        'i' => PlatformNames.Ios,
        'p' => PlatformNames.Ipados,
        'm' => PlatformNames.Macos,
        'w' => PlatformNames.Windows,
        _ => PlatformNames.Linux,
    };

    /// <summary>Platforms that the catalog does not know are simulated like Linux.</summary>
    public static PlatformTraits Of(string platform) => All.FirstOrDefault(p => p.Platform == platform) ?? (All[^1] with { Platform = platform });
}
