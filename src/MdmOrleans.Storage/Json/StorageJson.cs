using System.Text.Json.Serialization;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Storage.Audit;

namespace MdmOrleans.Storage.Json;

/// <summary>How events, audit records and anchors are written to disk. Only ever add optional members: old rows are never rewritten.</summary>
/// <remarks>A name here is the member's own name; a renamed one must keep its old name in JSON.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Utf8BlockConverter)])]
[JsonSerializable(typeof(DeviceEvent))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(StoredAnchor))]
internal sealed partial class StorageJson : JsonSerializerContext;
