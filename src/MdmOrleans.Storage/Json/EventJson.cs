using System.Text.Json;
using MdmOrleans.Core.History;

namespace MdmOrleans.Storage.Json;

/// <summary>An event as a row holds it: JSON, because auditors ask the history with SQL.</summary>
internal static class EventJson
{
    public static void Write(Utf8JsonWriter writer, DeviceEvent @event) =>
        JsonSerializer.Serialize(writer, @event, StorageJson.Default.DeviceEvent);

    public static byte[] Write(DeviceEvent @event) => JsonSerializer.SerializeToUtf8Bytes(@event, StorageJson.Default.DeviceEvent);

    public static DeviceEvent Read(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, StorageJson.Default.DeviceEvent) ?? throw new JsonException("A row without an event.");
}
