using MdmOrleans.Core;

namespace MdmOrleans.Storage.GroupCommit;

/// <summary>Why a caller was not served, as sentences. None of them holds a value of the caller's.</summary>
internal static class Unavailable
{
    public static StorageUnavailableException Overloaded(string store) =>
        new($"The store of {store} is overloaded: no place became free in time.");

    public static StorageUnavailableException ShuttingDown(string store) =>
        new($"The store of {store} is shutting down.");

    public static StorageUnavailableException Away(string store, Exception? cause) => cause is null
        ? new StorageUnavailableException($"The store of {store} did not answer in time.")
        : new StorageUnavailableException($"The store of {store} did not answer in time.", cause);
}
