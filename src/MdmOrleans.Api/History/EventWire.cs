using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.History;

internal static class EventWire
{
    public static EventBody ToBody(this DeviceEvent @event) => new()
    {
        Number = @event.Number,
        At = @event.At,
        RecordedAt = @event.RecordedAt,
        Kind = @event.Kind,
        Actor = @event.Actor,
        Reason = @event.Reason,
        From = @event.From,
        To = @event.To,
        Policy = @event.Policy is { } policy ? new PolicyReference(policy.Id, policy.Version) : null,
        Epoch = @event.Epoch,
        Detail = new RawJson(@event.Detail.Memory),
        Hash = Convert.ToHexStringLower(@event.Hash.Span),
        HashVersion = @event.HashVersion,
    };

    public static TenantEventBody ToBody(this StreamedEvent streamed, TenantId tenant) => new()
    {
        Device = streamed.Device.Name,
        Cursor = streamed.Cursor.ToText(tenant),
        Number = streamed.Event.Number,
        At = streamed.Event.At,
        RecordedAt = streamed.Event.RecordedAt,
        Kind = streamed.Event.Kind,
        Actor = streamed.Event.Actor,
        Reason = streamed.Event.Reason,
        From = streamed.Event.From,
        To = streamed.Event.To,
        Policy = streamed.Event.Policy is { } policy ? new PolicyReference(policy.Id, policy.Version) : null,
        Epoch = streamed.Event.Epoch,
        Detail = new RawJson(streamed.Event.Detail.Memory),
        Hash = Convert.ToHexStringLower(streamed.Event.Hash.Span),
        HashVersion = streamed.Event.HashVersion,
    };
}
