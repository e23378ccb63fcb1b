using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Gateway.Payloads;

namespace MdmOrleans.Gateway.Events;

/// <summary>Reads the payload of <c>up/event/{type}</c>: an object of at most 8 KiB, whatever is in it.</summary>
internal static class EventReader
{
    private const int MaximumBytes = 8 * 1024;

    /// <returns>Null, with the block, or what is wrong with it.</returns>
    public static Problem? Read(ReadOnlySpan<byte> payload, out Utf8Block block)
    {
        block = default;
        var reader = new PayloadReader(payload);
        try
        {
            if (reader.TryBegin())
            {
                block = reader.ReadWhole(MaximumBytes);
            }
        }
        catch (JsonException)
        {
            return reader.Malformed;
        }

        return reader.Problem;
    }
}
