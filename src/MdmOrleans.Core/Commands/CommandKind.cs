namespace MdmOrleans.Core.Commands;

[GenerateSerializer, Alias("mdm.CommandKind")]
public enum CommandKind
{
    Lock,
    Wipe,
    Retire,
    Restart,
    Rename,
    Locate,
    LostModeOn,
    LostModeOff,
    ClearPasscode,
    InstallApp,
    RemoveApp,
    ApplyConfiguration,
    RotateCertificate,
    CollectInventory,
    CheckInNow,
    UpdateOs,
    Message,
    Custom,
}

/// <summary>What the kinds have in common, as one table.</summary>
public static class CommandKinds
{
    /// <summary>Offered before everything else.</summary>
    public static bool IsPriority(this CommandKind kind) =>
        kind is CommandKind.Wipe or CommandKind.Lock or CommandKind.LostModeOn or CommandKind.LostModeOff;

    /// <summary>Has places of its own when the queue is full.</summary>
    public static bool IsReserved(this CommandKind kind) => kind.IsPriority() || kind is CommandKind.Retire;

    /// <summary>An identical pending one is returned instead of doubled.</summary>
    public static bool Coalesces(this CommandKind kind) =>
        kind is CommandKind.CheckInNow or CommandKind.CollectInventory or CommandKind.Lock;

    /// <summary>Passes the governor before it may be queued, whoever asks for it.</summary>
    public static bool IsGoverned(this CommandKind kind) => kind is CommandKind.Wipe or CommandKind.Retire;

    /// <summary>How long it lives when the request does not say.</summary>
    public static TimeSpan DefaultLife(this CommandKind kind) => kind.IsReserved() ? TimeSpan.FromDays(90) : TimeSpan.FromHours(24);
}
