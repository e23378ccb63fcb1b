using System.Collections.Immutable;
using MdmOrleans.Core.Clocks;

namespace MdmOrleans.Abstractions.Clocks;

/// <summary>The clocks of all servers. Key: 0.</summary>
[GrainInterfaceType("mdm.clocks")]
public interface IServerClocks : IGrainWithIntegerKey
{
    /// <summary>Has every server that answers believe its own clock as it is now.</summary>
    /// <param name="actor">Who says so; for the log.</param>
    /// <returns>The clocks of those servers, afterwards.</returns>
    [Alias("Confirm")]
    Task<ImmutableArray<ServerClock>> ConfirmAsync(string actor, CancellationToken cancellationToken);
}

/// <param name="Server">Address of its silo.</param>
[GenerateSerializer, Immutable, Alias("mdm.ServerClock")]
public sealed record ServerClock([property: Id(0)] SiloAddress Server, [property: Id(1)] ClockReading Reading);
