namespace MdmOrleans.Contracts.CheckIns;

/// <summary>How platforms are spelled on the wire.</summary>
public static class PlatformNames
{
    public const string Android = "android";
    public const string Ios = "ios";
    public const string Ipados = "ipados";
    public const string Macos = "macos";
    public const string Windows = "windows";
    public const string Linux = "linux";
    public const string Other = "other";
}
