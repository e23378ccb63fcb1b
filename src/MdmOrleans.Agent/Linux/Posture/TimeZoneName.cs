namespace MdmOrleans.Agent.Linux.Posture;

internal static class TimeZoneName
{
    private const string Database = "zoneinfo/";

    /// <summary>The IANA name; null where the machine does not name its zone.</summary>
    public static string? Read(SystemRoot root)
    {
        // The link is what the C library uses; /etc/timezone is a note of Debian's beside it.
        var target = root.LinkTarget("/etc/localtime");
        var cut = target?.IndexOf(Database, StringComparison.Ordinal) ?? -1;
        return cut >= 0 ? target![(cut + Database.Length)..] : root.ReadText("/etc/timezone"); // cut is only found in a target
    }
}
