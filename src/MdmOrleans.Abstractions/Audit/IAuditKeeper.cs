namespace MdmOrleans.Abstractions.Audit;

/// <summary>What the audit trail needs done once in a cluster. Key: 0.</summary>
[GrainInterfaceType("mdm.audit")]
public interface IAuditKeeper : IGrainWithIntegerKey
{
    /// <summary>
    /// Says what came of announced changes that a crash interrupted, and anchors all chains once a day. Changes nothing where nothing is
    /// due, so anybody may ask at any time.
    /// </summary>
    [Alias("Keep"), ResponseTimeout("00:30:00")]
    Task KeepAsync(CancellationToken cancellationToken);
}
