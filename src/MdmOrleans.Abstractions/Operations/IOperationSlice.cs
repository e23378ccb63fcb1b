using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Abstractions.Operations;

/// <summary>Some of the devices of an operation, and what became of each. Key: <c>OperationId.Slice(number)</c>.</summary>
[GrainInterfaceType("mdm.operation.slice")]
public interface IOperationSlice : IGrainWithStringKey
{
    /// <summary>Which devices they are, in their order. Whoever was there before is forgotten.</summary>
    [Alias("Fill"), ResponseTimeout("00:00:30")]
    Task FillAsync(ImmutableArray<string> devices, CancellationToken cancellationToken);

    /// <summary>Asks and hears, and waits for answers no longer than a moment; what is known then is stored when this returns.</summary>
    [Alias("Advance"), ResponseTimeout("00:00:30")]
    Task<SliceReport> AdvanceAsync(SliceOrder order, CancellationToken cancellationToken);

    [Alias("Clear"), ResponseTimeout("00:00:30")]
    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>What a slice is to do.</summary>
/// <param name="Command">For those who are to be asked.</param>
/// <param name="UpTo">How many, from the first, are to be asked; who has been asked is not asked again.</param>
/// <param name="WithdrawnBy">Whoever takes back what was not sent; null: nobody.</param>
/// <param name="News">In the order of the history; what is about others is passed over.</param>
[GenerateSerializer, Immutable, Alias("mdm.SliceOrder")]
public sealed record SliceOrder(
    [property: Id(0)] CommandRequest Command,
    [property: Id(1)] int UpTo,
    [property: Id(2)] string? WithdrawnBy,
    [property: Id(3)] ImmutableArray<OperationNews> News);

/// <param name="InFlight">Devices that have not answered yet.</param>
/// <param name="NextAt">When there is something to do without news; null: never.</param>
[GenerateSerializer, Immutable, Alias("mdm.SliceReport")]
public sealed record SliceReport(
    [property: Id(0)] OperationTally Tally, [property: Id(1)] int InFlight, [property: Id(2)] DateTimeOffset? NextAt);
