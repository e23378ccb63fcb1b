using System.Collections.Concurrent;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Identity;

/// <summary>Proves keys at the key ring, for every request anew.</summary>
/// <remarks>
/// All keys live on one silo. While that silo hangs, until the cluster has evicted it, a key that was proved here within the last
/// thirty seconds still counts, so that a hung silo does not stop HTTP on all the others. A key that the ring answered about is
/// never judged by memory: one that was removed is refused at once.
/// </remarks>
internal sealed class KeyProofs(IKeyRing ring, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    // No larger than the ring itself, since only keys that it knows get in.
    private readonly ConcurrentDictionary<string, (AccessKey Key, long ProvedAt)> _proved = new(StringComparer.Ordinal);

    /// <returns>Null when there is no key with this secret.</returns>
    /// <exception cref="TimeoutException">The ring does not answer, and the key was not proved here lately.</exception>
    public async Task<AccessKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = SecretHash.Of(secret);
        var index = Convert.ToHexString(hash.Digest.Span);
        var askedAt = time.GetTimestamp();
        try
        {
            var key = await ring.FindAsync(hash, cancellationToken);
            if (key is null)
            {
                _proved.TryRemove(index, out _);
            }
            else
            {
                _proved[index] = (key, askedAt);
            }

            return key;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException
            && _proved.TryGetValue(index, out var known) && time.GetElapsedTime(known.ProvedAt) < Life)
        {
            return known.Key;
        }
    }
}
