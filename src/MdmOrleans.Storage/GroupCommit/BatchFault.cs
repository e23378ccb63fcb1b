namespace MdmOrleans.Storage.GroupCommit;

/// <summary>What a failed batch says about the rows in it.</summary>
internal enum BatchFault
{
    /// <summary>The same batch may succeed a moment later: a lost connection, a deadlock, a server that restarts.</summary>
    Transient,

    /// <summary>A row in the batch cannot be stored. The others can, so the batch is halved until that row stands alone.</summary>
    Poisoned,

    /// <summary>No batch would succeed: no permission, no table. Halving would only ask 1,000 times.</summary>
    Broken,
}
