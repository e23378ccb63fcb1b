using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;

namespace MdmOrleans.Storage.Twins;

/// <summary>Stores last-seen times; an older one never overwrites a newer one.</summary>
internal interface ISeenWriter
{
    /// <summary>What a failed write means for what was in it.</summary>
    BatchFault Classify(Exception exception);

    Task WriteAsync(ReadOnlyMemory<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken);
}
