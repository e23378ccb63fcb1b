namespace MdmOrleans.Contracts.Commands;

/// <summary>How kinds of commands are spelled on the wire.</summary>
public static class CommandKindNames
{
    public const string Lock = "lock";
    public const string Wipe = "wipe";
    public const string Retire = "retire";
    public const string Restart = "restart";
    public const string Rename = "rename";
    public const string Locate = "locate";
    public const string LostModeOn = "lostModeOn";
    public const string LostModeOff = "lostModeOff";
    public const string ClearPasscode = "clearPasscode";
    public const string InstallApp = "installApp";
    public const string RemoveApp = "removeApp";
    public const string ApplyConfiguration = "applyConfiguration";
    public const string RotateCertificate = "rotateCertificate";
    public const string CollectInventory = "collectInventory";
    public const string CheckInNow = "checkInNow";
    public const string UpdateOs = "updateOs";
    public const string Message = "message";
    public const string Custom = "custom";
}
