using System.Text.Json;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Problems;

namespace MdmOrleans.Contracts;

/// <summary>JSON of the device protocol. Unknown members are ignored, since agents outlive releases; null is written as absent.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(CheckInMessage))]
[JsonSerializable(typeof(CheckInAnswer))]
[JsonSerializable(typeof(DeliveredCommand))]
[JsonSerializable(typeof(CommandReport))]
[JsonSerializable(typeof(ControlMessage))]
[JsonSerializable(typeof(ProblemDocument))]
public sealed partial class ContractsJson : JsonSerializerContext;
