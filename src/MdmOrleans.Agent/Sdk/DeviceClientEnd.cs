namespace MdmOrleans.Agent.Sdk;

public enum DeviceClientEndKind
{
    /// <summary>Its owner asked it to stop.</summary>
    Stopped,

    /// <summary>A newer session of the same device took over. Coming back would only throw that one out.</summary>
    TakenOver,

    /// <summary>The server will not have this device as it is; trying again would change nothing.</summary>
    Refused,
}

/// <summary>Why a <see cref="DeviceClient"/> ended.</summary>
/// <param name="ReasonCode">The MQTT 5 reason code; null where there was none.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record DeviceClientEnd(DeviceClientEndKind Kind, int? ReasonCode, string Message);
