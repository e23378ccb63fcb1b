using System.Buffers;
using System.Text.Json;

namespace MdmOrleans.Core;

internal static class JsonBlocks
{
    /// <summary>The JSON that <paramref name="write"/> writes of <paramref name="value"/>.</summary>
    public static Utf8Block Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json, value);
        }

        return new Utf8Block(buffer.WrittenSpan.ToArray());
    }
}
