namespace MdmOrleans.Storage;

/// <summary>The schema of the database that is configured. To be asked before the silo starts, which already reads it.</summary>
public interface IStorageSchema
{
    /// <summary>Brings it up to date. Idempotent, and safe for several processes at once: one works, the others wait.</summary>
    /// <exception cref="StorageStartException">It is ahead of this build, or the directory is in use.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Changes nothing.</summary>
    /// <exception cref="StorageStartException">It is not exactly what this build was made for, or the directory is in use.</exception>
    Task VerifyAsync(CancellationToken cancellationToken);
}
