namespace MdmOrleans.Contracts.Http.Devices;

/// <summary>A new credential of a device.</summary>
/// <param name="DeviceToken">The secret with which it connects, shown once: it is stored as a hash.</param>
/// <param name="Epoch">The enrollment epoch that begins with it.</param>
public sealed record DeviceTokenBody(string DeviceToken, int Epoch);
