using System.Diagnostics;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Audit;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;

namespace MdmOrleans.Api.Audit;

internal static class AuditWire
{
    public static AuditRecordBody ToBody(this AuditRecord record) => new()
    {
        Number = record.Number,
        At = record.Entry.At,
        Actor = record.Entry.Actor,
        Via = record.Entry.Via,
        Action = record.Entry.Action,
        Target = record.Entry.Target,
        Result = record.Entry.Result,
        Before = new RawJson(record.Entry.Before.Memory),
        After = new RawJson(record.Entry.After.Memory),
        RequestId = record.Entry.RequestId,
        Address = record.Entry.Address,
        Intent = record.Entry.Intent,
        Hash = Convert.ToHexStringLower(record.Hash.Span),
    };

    public static AuditChainBody ToBody(this TrailProof proof) => new()
    {
        Intact = proof.Trail.Fault is null && proof.Anchors.AreIntact,
        Records = proof.Trail.End.Number,
        Last = proof.Trail.End.ToLink(),
        BrokenAt = proof.Trail.Fault is null ? null : proof.Trail.End.Number + 1,
        Fault = proof.Trail.Fault?.ToWire(),
        Anchors = proof.Anchors.ToBody(),
    };

    public static AnchorsBody ToBody(this AnchorProof proof) => new()
    {
        Checked = proof.Checked,
        Newest = proof.Newest,
        Faults = [.. proof.Faults.Select(fault => new AnchorFaultBody(fault.At, fault.Fault.ToWire()))],
    };

    public static ChainLink? ToLink(this EventChain place) =>
        place.Number == 0 ? null : new ChainLink(place.Number, Convert.ToHexStringLower(place.Hash.Span));

    public static string ToWire(this ChainFault fault) => fault switch
    {
        ChainFault.Altered => ChainFaultNames.Altered,
        ChainFault.Missing => ChainFaultNames.Missing,
        ChainFault.Truncated => ChainFaultNames.Truncated,
        _ => throw new UnreachableException($"No word for {fault}"),
    };

    private static string ToWire(this AnchorFault fault) => fault switch
    {
        AnchorFault.OtherKey => AnchorFaultNames.OtherKey,
        AnchorFault.Altered => AnchorFaultNames.Altered,
        AnchorFault.Missing => AnchorFaultNames.Missing,
        AnchorFault.AuditRewritten => AnchorFaultNames.AuditRewritten,
        AnchorFault.HistoryRewritten => AnchorFaultNames.HistoryRewritten,
        _ => throw new UnreachableException($"No word for {fault}"),
    };
}
