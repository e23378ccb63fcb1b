using System.Collections.Immutable;
using MdmOrleans.Core.Compliance.Attributes;

namespace MdmOrleans.Core.Integrations;

/// <summary>The systems whose webhooks drive the life of a device.</summary>
[GenerateSerializer, Alias("mdm.InboundSystem")]
public enum InboundSystem
{
    /// <summary>Onboarding: a device is provisioned.</summary>
    Hr,

    /// <summary>Tickets: a device is lost, stolen, or found.</summary>
    Itsm,

    /// <summary>Assets: a device is retired.</summary>
    Disposal,
}

/// <summary>Where in a webhook's body stands what. Pointers are JSON Pointers; what one names may be text, or an object as ServiceNow has references.</summary>
[GenerateSerializer, Immutable, Alias("mdm.InboundMapping")]
public sealed record InboundMapping
{
    /// <summary>The device's name.</summary>
    [Id(0)]
    public string? Device { get; init; }

    /// <summary>Its serial number: by it a device is found where its name is not there.</summary>
    [Id(1)]
    public string? Serial { get; init; }

    /// <summary>What happened; for <c>itsm</c> only.</summary>
    [Id(2)]
    public string? Event { get; init; }

    /// <summary>The words at <see cref="Event"/> that mean lost, stolen and found; compared without case. Other words are ignored.</summary>
    [Id(3)]
    public ImmutableSortedDictionary<string, string> Events { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>For <c>hr</c> only.</summary>
    [Id(4)]
    public string? Platform { get; init; }

    /// <summary>Labels of a new device, and where their values stand; for <c>hr</c> only.</summary>
    [Id(5)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What goes into the history beside it.</summary>
    [Id(6)]
    public string? Note { get; init; }

    /// <summary>For <c>itsm</c> the shape of ServiceNow's table API; for the others members of the same names.</summary>
    public static InboundMapping Default(InboundSystem system) => system switch
    {
        InboundSystem.Itsm => new InboundMapping
        {
            Device = "/result/cmdb_ci",
            Serial = "/result/u_serial_number",
            Event = "/result/subcategory",
            Events = ImmutableSortedDictionary<string, string>.Empty.Add("lost", "lost").Add("stolen", "stolen").Add("found", "found"),
            Note = "/result/number",
        },
        InboundSystem.Hr => new InboundMapping
        {
            Device = "/device",
            Serial = "/serial",
            Platform = "/platform",
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("employee", "/employee"),
        },
        _ => new InboundMapping { Device = "/device", Serial = "/serial", Note = "/note" },
    };

    public static bool IsPointer(string? text) => text is null || JsonPointer.TryCreate(text) is not null;
}
