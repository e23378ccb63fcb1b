using System.Collections.Concurrent;

namespace MdmOrleans.Storage.Health;

/// <summary>Which stores cannot write, as their own attempts have shown.</summary>
/// <remarks>
/// A full disk may still take a probe, which writes to a page that is there, and refuse events, which need a new one. A failure
/// counts for a while only: a server that is not ready gets no work, so nothing would ever show that the store is well again.
/// </remarks>
internal sealed class StoreFailures(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _failedAt = new();

    /// <summary>False while the last attempt of a store is a failure that is not long ago.</summary>
    public bool AreOver => _failedAt.Values.All(failedAt => time.GetElapsedTime(failedAt) > Memory);

    public void Failed(string store) => _failedAt[store] = time.GetTimestamp();

    public void Succeeded(string store) => _failedAt.TryRemove(store, out _);
}
