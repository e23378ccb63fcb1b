using System.Globalization;

namespace MdmOrleans.Agent.Linux.Posture;

internal static class Battery
{
    private const string Supplies = "/sys/class/power_supply";

    /// <summary>Percent; null without a battery. The batteries of mice and pens do not count.</summary>
    public static int? Read(SystemRoot root) => root.Names(Supplies)
        .Where(s => root.ReadText($"{Supplies}/{s}/type") == "Battery" && root.ReadText($"{Supplies}/{s}/scope") != "Device")
        .Select(s => Percent(root.ReadText($"{Supplies}/{s}/capacity")))
        .FirstOrDefault(p => p is not null);

    private static int? Percent(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100 ? percent : null;
}
