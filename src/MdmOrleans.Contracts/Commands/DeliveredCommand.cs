using System.Text.Json;

namespace MdmOrleans.Contracts.Commands;

/// <summary>A command as a device gets it: an element of <c>commands</c> in <c>dn/checkin</c>, and the payload of <c>dn/command/{id}</c>.</summary>
/// <param name="Id">A device runs an id once, however often it comes.</param>
/// <param name="Kind">One of <see cref="CommandKindNames"/>.</param>
/// <param name="Parameters">An object, passed on untouched.</param>
/// <param name="ExpiresAt">Exclusive: from this instant on it is not run. Absent: it does not expire.</param>
public sealed record DeliveredCommand(string Id, string Kind, JsonElement Parameters, DateTimeOffset? ExpiresAt = null);
