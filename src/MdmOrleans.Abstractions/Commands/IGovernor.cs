using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Abstractions.Commands;

/// <summary>The gate that every wipe and every retirement of a tenant passes, one at a time. Key: <c>TenantId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.governor")]
public interface IGovernor : IGrainWithStringKey
{
    /// <summary>May this command go? The answer for one command stays the same: asking again passes once.</summary>
    /// <param name="settings">The tenant's, as the caller knows them.</param>
    /// <returns>Null: it may go. Otherwise why it waits for a person.</returns>
    [Alias("Judge")]
    Task<string?> JudgeAsync(Guid command, GovernorSettings settings, CancellationToken cancellationToken);
}
