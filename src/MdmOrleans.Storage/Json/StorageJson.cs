using System.Text.Json.Serialization;
using MdmOrleans.Core;
using MdmOrleans.Core.History;

namespace MdmOrleans.Storage.Json;

/// <summary>How twins and events are written to disk. Only ever add optional members: old rows are never rewritten.</summary>
/// <remarks>A name here is the member's or the enum's own name; a renamed one must keep its old name in JSON.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(DeviceIdConverter), typeof(SecretHashConverter), typeof(Utf8BlockConverter)])]
[JsonSerializable(typeof(Device))]
[JsonSerializable(typeof(DeviceEvent))]
internal sealed partial class StorageJson : JsonSerializerContext;
