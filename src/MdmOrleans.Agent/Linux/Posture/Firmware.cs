namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>What the machine is, by its own firmware.</summary>
internal static class Firmware
{
    private const string SecureBootVariable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    // What manufacturers leave in fields that nobody filled in. Reported, a thousand machines would share one serial number.
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "To Be Filled By O.E.M.", "Default string", "System Product Name", "System manufacturer", "System Serial Number",
        "Not Specified", "Not Applicable", "None", "Unknown", "0", "123456789", "Chassis Serial Number", "INVALID",
    };

    public static string? Model(SystemRoot root)
    {
        var vendor = Filled(root, "/sys/class/dmi/id/sys_vendor");
        var product = Filled(root, "/sys/class/dmi/id/product_name");
        return (vendor, product) switch
        {
            (_, null) => Filled(root, "/proc/device-tree/model"),
            (null, _) => product,
            _ => product.StartsWith(vendor, StringComparison.OrdinalIgnoreCase) ? product : $"{vendor} {product}",
        };
    }

    /// <summary>Readable only by root on most machines.</summary>
    public static string? Serial(SystemRoot root) =>
        Filled(root, "/sys/class/dmi/id/product_serial") ?? Filled(root, "/proc/device-tree/serial-number");

    /// <summary>Null where there is no EFI, or it does not say.</summary>
    public static bool? SecureBoot(SystemRoot root) =>
        root.ReadBytes(SecureBootVariable) is [_, _, _, _, var enabled] ? enabled == 1 : null; // four bytes of attributes come first

    private static string? Filled(SystemRoot root, string path) => root.ReadText(path) is { } text && !Placeholders.Contains(text) ? text : null;
}
