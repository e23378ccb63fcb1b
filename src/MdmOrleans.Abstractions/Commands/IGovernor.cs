using MdmOrleans.Core.Commands;

namespace MdmOrleans.Abstractions.Commands;

/// <summary>The gate that every wipe and every retirement of a tenant passes, one at a time. Key: <c>TenantId.ToString()</c>.</summary>
/// <remarks>It judges by the tenant's settings as they are stored, and by its fleet as the database counts it.</remarks>
[GrainInterfaceType("mdm.governor")]
public interface IGovernor : IGrainWithStringKey
{
    /// <summary>May this command go? The answer for one command stays the same: asking again passes once.</summary>
    [Alias("JudgeCommand")]
    Task<Judgement> JudgeAsync(Guid command, CancellationToken cancellationToken);

    /// <summary>Counts a command that a person approves, once however often it is told. Returns when that is stored.</summary>
    [Alias("CountApproved")]
    Task CountApprovedAsync(Guid command, CancellationToken cancellationToken);
}
