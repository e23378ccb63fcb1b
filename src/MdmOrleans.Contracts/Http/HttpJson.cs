using System.Text.Json;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Http.Access;
using MdmOrleans.Contracts.Http.Audit;
using MdmOrleans.Contracts.Http.Clocks;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Contracts.Http.Health;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Contracts.Http.Identity;
using MdmOrleans.Contracts.Http.Integrations;
using MdmOrleans.Contracts.Http.Lifecycle;
using MdmOrleans.Contracts.Http.Operations;
using MdmOrleans.Contracts.Http.Tenancy;

namespace MdmOrleans.Contracts.Http;

/// <summary>JSON of the HTTP interface. What a request does not know is refused; null is written, except where a member says otherwise.</summary>
/// <remarks>Problems are written by <see cref="ContractsJson"/>, alike over HTTP and MQTT.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ClocksBody))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(Page<KeyBody>))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(TenantPatch))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(Page<TenantBody>))]
[JsonSerializable(typeof(SummaryBody))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyPatch))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(ExplanationBody))]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(Page<PolicyBody>))]
[JsonSerializable(typeof(Page<RawJson>))]
[JsonSerializable(typeof(Page<NominationBody>))]
[JsonSerializable(typeof(DeviceRequest))]
[JsonSerializable(typeof(DeviceImportLine))]
[JsonSerializable(typeof(DevicePatch))]
[JsonSerializable(typeof(DeviceTokenBody))]
[JsonSerializable(typeof(TwinBody))]
[JsonSerializable(typeof(Page<TwinBody>))]
[JsonSerializable(typeof(AccessBody))]
[JsonSerializable(typeof(AccessChangeBody))]
[JsonSerializable(typeof(AccessChangesBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(Page<EventBody>))]
[JsonSerializable(typeof(TenantEventBody))]
[JsonSerializable(typeof(Page<TenantEventBody>))]
[JsonSerializable(typeof(ChainBody))]
[JsonSerializable(typeof(PastTwinBody))]
[JsonSerializable(typeof(AuditRecordBody))]
[JsonSerializable(typeof(Page<AuditRecordBody>))]
[JsonSerializable(typeof(AuditChainBody))]
[JsonSerializable(typeof(QueueCommandRequest))]
[JsonSerializable(typeof(CommandBody))]
[JsonSerializable(typeof(Page<CommandBody>))]
[JsonSerializable(typeof(BulkCommandRequest))]
[JsonSerializable(typeof(OperationPatch))]
[JsonSerializable(typeof(OperationBody))]
[JsonSerializable(typeof(Page<OperationBody>))]
[JsonSerializable(typeof(DryRunBody))]
[JsonSerializable(typeof(DecideHoldsRequest))]
[JsonSerializable(typeof(DecidedHoldsBody))]
[JsonSerializable(typeof(HoldBody))]
[JsonSerializable(typeof(Page<HoldBody>))]
[JsonSerializable(typeof(DeviceTransitionRequest))]
[JsonSerializable(typeof(InboundSettingsRequest))]
[JsonSerializable(typeof(InboundSettingsBody))]
[JsonSerializable(typeof(InboundMessage))]
[JsonSerializable(typeof(InboundBody))]
[JsonSerializable(typeof(HealthBody))]
public sealed partial class HttpJson : JsonSerializerContext;
