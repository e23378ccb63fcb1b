using System.Globalization;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>What <c>/etc/os-release</c> says.</summary>
/// <param name="Version">VERSION_ID where it is 1 to 6 dotted numbers. A rolling release has none, and is 0: below every minimum.</param>
internal sealed record OsRelease(string? Id, string? Name, string Version)
{
    private const string NoVersion = "0";

    public static OsRelease Read(SystemRoot root)
    {
        var file = root.HasFile("/etc/os-release") ? "/etc/os-release" : "/usr/lib/os-release";
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in root.ReadLines(file))
        {
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            if (cut > 0 && line[0] != '#')
            {
                values[line[..cut].Trim()] = line[(cut + 1)..].Trim().Trim('"', '\'');
            }
        }

        return new OsRelease(
            values.GetValueOrDefault("ID"),
            values.GetValueOrDefault("PRETTY_NAME"),
            values.GetValueOrDefault("VERSION_ID") is { } version && IsVersion(version) ? version : NoVersion);
    }

    private static bool IsVersion(string text) =>
        text.Split('.') is { Length: <= 6 } parts
        && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
