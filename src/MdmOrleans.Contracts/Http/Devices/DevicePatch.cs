using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Devices;

/// <summary>Body of <c>PATCH /v1/tenants/{tenant}/devices/{device}</c>, a JSON Merge Patch (RFC 7396): what is not mentioned stays.</summary>
[MergePatch, JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DevicePatch
{
    /// <summary>Labels to set; null in place of a value removes the label, null in place of the object removes them all.</summary>
    public IReadOnlyDictionary<string, string?>? Labels
    {
        get;
        set
        {
            field = value;
            MentionsLabels = true;
        }
    }

    /// <summary>Name of a policy of the tenant; null: back to the tenant's default.</summary>
    public string? Policy
    {
        get;
        set
        {
            field = value;
            MentionsPolicy = true;
        }
    }

    /// <summary>Who uses it, e.g. a mail address, at most 256 characters; null: nobody.</summary>
    public string? Owner
    {
        get;
        set
        {
            field = value;
            MentionsOwner = true;
        }
    }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsOwner { get; private set; }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsLabels { get; private set; }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsPolicy { get; private set; }
}
