namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Why a packet, or a connection, is not accepted.</summary>
/// <param name="Code">The reason code of MQTT 5.</param>
/// <param name="Sentence">What was wrong, for people: the Reason String. Each mistake has its own.</param>
internal sealed record Refusal(ReasonCode Code, string Sentence);
