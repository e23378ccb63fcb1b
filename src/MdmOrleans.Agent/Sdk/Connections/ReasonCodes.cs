using System.Globalization;

namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>What a device does about the reason for which a connection was refused or closed.</summary>
internal static class ReasonCodes
{
    public const int Success = 0x00;
    public const int NoMatchingSubscribers = 0x10;
    public const int SessionTakenOver = 0x8E;
    public const int NotAuthorized = 0x87;
    public const int TopicNameInvalid = 0x90;
    public const int PayloadFormatInvalid = 0x99;

    /// <summary>The end of the client, or null where it is to try again after a while.</summary>
    public static DeviceClientEnd? EndOf(int? code, string? reason)
    {
        var what = code switch
        {
            SessionTakenOver => "A newer session of this device has taken over.",
            0x84 => "The server does not speak this version of MQTT.",
            0x85 => "The server says that the client id or user name belongs to another device.",
            0x86 => "The server does not know this device, or the token is wrong.",
            NotAuthorized => "This device is not enrolled, or its identity was revoked.",
            0x8A or 0x98 => "This device is retired or wiped.",
            TopicNameInvalid => "The server refuses the topic of the will.",
            0x9A or 0x9B => "The server refuses the quality of service or the retain flag.",
            _ => null,
        };
        var kind = code == SessionTakenOver ? DeviceClientEndKind.TakenOver : DeviceClientEndKind.Refused;
        return what is null ? null : new DeviceClientEnd(kind, code, WithReason(what, reason));
    }

    /// <summary>Whether a PUBACK with this code means that sending the same message again would be refused again.</summary>
    public static bool IsRefusedForGood(int code) => code is NotAuthorized or TopicNameInvalid or PayloadFormatInvalid;

    public static bool IsSuccess(int code) => code is Success or NoMatchingSubscribers;

    public static string Text(int code) => string.Create(CultureInfo.InvariantCulture, $"0x{code:X2}");

    private static string WithReason(string what, string? reason) => string.IsNullOrEmpty(reason) ? what : $"{what} ({reason})";
}
