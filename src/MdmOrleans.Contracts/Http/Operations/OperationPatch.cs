using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Operations;

/// <summary>Body of <c>PATCH /v1/tenants/{tenant}/operations/{operation}</c>, a JSON Merge Patch (RFC 7396): what is not mentioned stays.</summary>
[MergePatch, JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OperationPatch
{
    /// <summary>1 to 10,000; null: 100.</summary>
    public int? RatePerSecond
    {
        get;
        set
        {
            field = value;
            MentionsRate = true;
        }
    }

    /// <summary>0 to 100; null: no bound.</summary>
    public double? MaxFailurePercent
    {
        get;
        set
        {
            field = value;
            MentionsMaxFailure = true;
        }
    }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsRate { get; private set; }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsMaxFailure { get; private set; }
}
