using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MdmOrleans.Core.History;

/// <summary>An encoding in which no two contents are the same bytes: numbers have one length, everything else is preceded by its own.</summary>
internal static class CanonicalBytes
{
    extension(ArrayBufferWriter<byte> buffer)
    {
        public void Put(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(sizeof(long)), value);
            buffer.Advance(sizeof(long));
        }

        public void Put(ReadOnlySpan<byte> bytes)
        {
            buffer.Put((long)bytes.Length);
            buffer.Write(bytes);
        }

        /// <summary>A missing text is told apart from an empty one.</summary>
        public void Put(string? text)
        {
            if (text is null)
            {
                buffer.Put(-1L);
                return;
            }

            buffer.Put((long)Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, buffer);
        }

        /// <summary>In milliseconds, so that no database's precision can break a chain.</summary>
        public void Put(DateTimeOffset instant) => buffer.Put(instant.ToUnixTimeMilliseconds());
    }
}
