using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Audit;

/// <summary>Where all chains of a tenant ended at one instant, sealed with a key that is not in the database.</summary>
/// <remarks>
/// A chain that was rewritten from the front, every hash of it right, does not end where the anchor says. An anchor names the one
/// before it, so that none can be taken out unnoticed.
/// </remarks>
public sealed record ChainAnchor
{
    private const long Format = 1;

    /// <summary>Null: the installation's.</summary>
    public required TenantId? Tenant { get; init; }

    /// <summary>00:00 UTC of a day: events recorded before it are in.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The last record of the audit trail when the anchor was made; number 0 where there was none.</summary>
    public required EventChain Audit { get; init; }

    /// <summary>The histories of devices, by shard, ascending; shards without history are left out.</summary>
    public required ImmutableArray<ShardHeads> Shards { get; init; }

    /// <summary>The seal of the anchor before this one; empty for the first.</summary>
    public required ReadOnlyMemory<byte> Previous { get; init; }

    /// <summary><see cref="AnchorKey.Id"/> of the key that sealed it.</summary>
    public required string KeyId { get; init; }

    /// <summary>HMAC-SHA-256 over everything above.</summary>
    public required ReadOnlyMemory<byte> Seal { get; init; }

    public ChainAnchor SealedWith(AnchorKey key)
    {
        var named = this with { KeyId = key.Id };
        return named with { Seal = key.Sign(named.Content()) };
    }

    public bool IsSealedWith(AnchorKey key) => KeyId == key.Id && CryptographicOperations.FixedTimeEquals(key.Sign(Content()), Seal.Span);

    private ReadOnlySpan<byte> Content()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Put(Format);
        buffer.Put(KeyId);
        buffer.Put(Tenant?.Name);
        buffer.Put(At);
        buffer.Put(Previous.Span);
        buffer.Put(Audit.Number);
        buffer.Put(Audit.Hash.Span);
        buffer.Put((long)Shards.Length);
        foreach (var shard in Shards)
        {
            buffer.Put((long)shard.Shard);
            buffer.Put(shard.Histories);
            buffer.Put(shard.Digest.Span);
        }

        return buffer.WrittenSpan;
    }
}

/// <summary>The ends of all histories of one shard, digested, so that a million devices are 256 digests.</summary>
/// <param name="Histories">How many went in; a deleted device's counts on.</param>
/// <param name="Digest">SHA-256: see <see cref="HeadsDigest"/>.</param>
public sealed record ShardHeads(int Shard, long Histories, ReadOnlyMemory<byte> Digest);

/// <summary>Digests ends of histories one by one, in the order of the devices' names, an older life of a name before the next.</summary>
public sealed class HeadsDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private long _histories;

    public void Add(string device, long number, ReadOnlySpan<byte> hash)
    {
        _buffer.ResetWrittenCount();
        _buffer.Put(device);
        _buffer.Put(number);
        _buffer.Put(hash);
        _hash.AppendData(_buffer.WrittenSpan);
        _histories++;
    }

    public ShardHeads Complete(int shard) => new(shard, _histories, _hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
