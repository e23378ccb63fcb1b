using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Integrations;

/// <summary>Body of <c>PUT /v1/tenants/{tenant}/inbound/{system}</c>. Members that only the server writes are ignored.</summary>
[ReadOnlyMembers("system", "secret")]
public sealed record InboundSettingsRequest
{
    /// <summary>Where in a body stands what. Absent: for <c>itsm</c> the shape of ServiceNow's table API, for the others members of the same names.</summary>
    public InboundMappingBody? Mapping { get; init; }

    /// <summary>True: webhooks are proved, read and answered, and nothing is changed. Absent: false.</summary>
    public bool? DryRun { get; init; }

    /// <summary>True: from now on another secret counts. The first time there is a new one in any case.</summary>
    public bool? NewSecret { get; init; }
}

/// <summary>Every member but the maps is a JSON Pointer into the body, to a text or to a reference as ServiceNow has them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record InboundMappingBody
{
    /// <summary>The device's name.</summary>
    public string? Device { get; init; }

    /// <summary>Its serial number: by it a device is found whose name is not there.</summary>
    public string? Serial { get; init; }

    /// <summary>What happened; for <c>itsm</c>.</summary>
    public string? Event { get; init; }

    /// <summary>The words at <c>event</c>, and which of <c>lost</c>, <c>stolen</c>, <c>found</c> each means. What has another word is ignored.</summary>
    public IReadOnlyDictionary<string, string>? Events { get; init; }

    /// <summary>The platform of a new device; for <c>hr</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>Labels of a new device, each with the pointer to its value; for <c>hr</c>.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>What goes into the history, e.g. the number of the ticket.</summary>
    public string? Note { get; init; }
}

/// <summary>How one system's webhooks are taken.</summary>
public sealed record InboundSettingsBody
{
    [AllowedValues(InboundSystemNames.Hr, InboundSystemNames.Itsm, InboundSystemNames.Disposal)]
    public required string System { get; init; }

    public required InboundMappingBody Mapping { get; init; }

    public required bool DryRun { get; init; }

    /// <summary>The key of the signature. Only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>Whatever the sender's system says: the tenant's mapping says where in it what stands.</summary>
public sealed record InboundMessage;

/// <summary>What became of a webhook.</summary>
public sealed record InboundBody
{
    public required string Delivery { get; init; }

    /// <summary>True: this webhook came before. Nothing was done again, and the rest is what the first one was answered.</summary>
    public required bool Duplicate { get; init; }

    [AllowedValues("applied", "unchanged", "held", "ignored", "dryRun")]
    public required string Result { get; init; }

    public required string? Device { get; init; }

    [AllowedValues("provision", "lost", "stolen", "found", "disposed", null)]
    public required string? Action { get; init; }
}

/// <summary>How the systems are spelled in routes.</summary>
public static class InboundSystemNames
{
    public const string Hr = "hr";
    public const string Itsm = "itsm";
    public const string Disposal = "disposal";
}
