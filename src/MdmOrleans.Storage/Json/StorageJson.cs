using System.Text.Json.Serialization;
using MdmOrleans.Core.History;

namespace MdmOrleans.Storage.Json;

/// <summary>How events are written to disk. Only ever add optional members: old rows are never rewritten.</summary>
/// <remarks>A name here is the member's own name; a renamed one must keep its old name in JSON.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Utf8BlockConverter)])]
[JsonSerializable(typeof(DeviceEvent))]
internal sealed partial class StorageJson : JsonSerializerContext;
