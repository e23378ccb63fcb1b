using System.Net;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>Where a connection comes from.</summary>
/// <param name="TakesTokens">Whether a device token counts on it.</param>
/// <param name="Address">Of the client, or what a trusted proxy says it is; null where there is none.</param>
/// <param name="AcceptedAt">Before any handshake, as a timestamp of the clock.</param>
internal readonly record struct ConnectionOrigin(bool TakesTokens, IPAddress? Address, long AcceptedAt);
