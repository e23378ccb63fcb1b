using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;

namespace MdmOrleans.Storage.Twins;

/// <summary>A twin as a row holds it: the state as JSON, and the blocks beside it.</summary>
internal static class TwinState
{
    /// <summary>Everything but the blocks.</summary>
    public static void Write(Utf8JsonWriter writer, Device device)
    {
        var bare = device with
        {
            Labels = ImmutableSortedDictionary<string, string>.Empty,
            Posture = device.Posture is { } posture ? posture with { Apps = default, Attributes = default } : null,
        };
        JsonSerializer.Serialize(writer, bare, StorageJson.Default.Device);
    }

    public static void Write(Utf8JsonWriter writer, DeviceEvent @event) =>
        JsonSerializer.Serialize(writer, @event, StorageJson.Default.DeviceEvent);

    /// <param name="id">The identity that was asked for: its strings are kept instead of those in the row.</param>
    /// <param name="seen">From the table of last-seen times; null when it has none.</param>
    public static Device Read(DeviceId id, ReadOnlySpan<byte> state, byte[]? attributes, byte[]? apps, string labels, LastSeen? seen)
    {
        var device = JsonSerializer.Deserialize(state, StorageJson.Default.Device) ?? throw new JsonException("A row without a twin.");
        return device with
        {
            Id = id,
            Labels = TwinBlocks.ReadLabels(labels),
            Posture = device.Posture is { } posture
                ? posture with { Apps = TwinBlocks.Read(apps), Attributes = TwinBlocks.Read(attributes) }
                : null,
            Seen = LastSeen.Later(device.Seen, IsOfThisLife(seen, device) ? seen : null),
        };
    }

    public static DeviceEvent ReadEvent(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, StorageJson.Default.DeviceEvent) ?? throw new JsonException("A row without an event.");

    /// <summary>A touch that was on its way when a device was deleted must not speak for the next one of that name.</summary>
    private static bool IsOfThisLife(LastSeen? seen, Device device) => seen?.SeenAt >= device.CreatedAt;
}
