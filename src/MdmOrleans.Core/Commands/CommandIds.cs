using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Commands;

/// <summary>Ids of commands that a rule queues: a rule has no dice, and the same step of the same episode is the same command.</summary>
internal static class CommandIds
{
    /// <summary>A UUID of version 7 (RFC 9562) whose random bits are made of what the command is for.</summary>
    /// <param name="at">When it is queued: where it stands among the others.</param>
    public static Guid Of(DeviceId device, string purpose, DateTimeOffset since, DateTimeOffset at)
    {
        Span<byte> id = stackalloc byte[16];
        XxHash128.Hash(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{device}|{since.UtcTicks}|{purpose}")), id);
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, at.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70); // version 7
        id[8] = (byte)((id[8] & 0x3F) | 0x80); // the variant of RFC 9562
        return new Guid(id, bigEndian: true);
    }
}
