namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>Why a connection was refused, or ended.</summary>
/// <param name="Code">The MQTT 5 reason code; null where nobody gave one.</param>
/// <param name="Reason">For people: the server's Reason String, or what failed.</param>
internal sealed record LinkEnd(int? Code, string? Reason)
{
    /// <summary>What observers and logs call it.</summary>
    public string Name => Code is { } code ? ReasonCodes.Text(code) : "unreachable";

    /// <summary>For people.</summary>
    public string Text => (Code, Reason) switch
    {
        ({ } code, { } reason) => $"{reason.TrimEnd('.')} ({ReasonCodes.Text(code)})",
        ({ } code, null) => $"the server refused with {ReasonCodes.Text(code)}",
        (null, var reason) => reason ?? "the connection was closed",
    };
}

/// <summary>What came back for a publish.</summary>
/// <param name="Code">Of the PUBACK; null where none came, and then the connection is not to be trusted any more.</param>
internal readonly record struct PublishAnswer(int? Code, string? Reason);
