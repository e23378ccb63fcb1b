using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Tenancy;

/// <summary>Body of <c>PUT /v1/tenants/{tenant}</c>; it replaces everything but the governor, so what is absent goes back to its default.</summary>
/// <remarks>Members that only the server writes are ignored.</remarks>
[ReadOnlyMembers("tenant", "version", "pendingGovernor", "createdAt")]
public sealed record TenantRequest
{
    /// <summary>For people; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Name of a policy of this tenant, for every device that has none of its own. Null: none. Absent: none, which is refused where
    /// devices are judged by the one that is there.
    /// </summary>
    public string? DefaultPolicy
    {
        get;
        set
        {
            field = value;
            MentionsDefaultPolicy = true;
        }
    }

    /// <summary>Whether a device that no policy is assigned to counts as noncompliant. Absent: true.</summary>
    public bool? NoncompliantWithoutPolicy { get; init; }

    /// <summary>The zone or VLAN that the network puts a quarantined device into; 1 to 200 characters.</summary>
    public string? QuarantineZone { get; init; }

    /// <summary>Whether a wipe that loss or theft asks for waits for a person. Absent: <c>ask</c>.</summary>
    [AllowedValues(LostWipeNames.Ask, LostWipeNames.Automatic)]
    public string? LostWipe { get; init; }

    /// <summary>How many wipes and retirements may pass. Absent: unchanged, with a change that waits; null: the defaults.</summary>
    public GovernorRequest? Governor
    {
        get;
        set
        {
            field = value;
            MentionsGovernor = true;
        }
    }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsDefaultPolicy { get; private set; }

    /// <summary>Tells null from absent.</summary>
    [JsonIgnore]
    public bool MentionsGovernor { get; private set; }
}

/// <summary>How many wipes and retirements may pass; what is absent has its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GovernorRequest
{
    /// <summary>How many in one window; 1 to 1,000,000. Absent: 20.</summary>
    public int? MaxInWindow { get; init; }

    /// <summary>Length of the window; 1 to 10,080. Absent: 10.</summary>
    public int? WindowMinutes { get; init; }

    /// <summary>How many in 24 hours. Absent: 50 devices or 1 % of the fleet.</summary>
    public MaxPerDayRequest? MaxPerDay { get; init; }

    /// <summary>Of the tenant's fleet in one window, more than 0 up to 100, but at least one device. Absent: 5.</summary>
    public double? MaxPercent { get; init; }

    /// <summary>Whether each one needs a second person. Absent: <c>none</c>.</summary>
    [AllowedValues(ApprovalNames.None, ApprovalNames.TwoPerson)]
    public string? Approval { get; init; }

    /// <summary>How long each one waits before it may go; 0 to 10,080. Absent: 0.</summary>
    public int? HoldMinutes { get; init; }
}

/// <summary>How many wipes and retirements may pass in 24 hours; the one that comes to more devices counts.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MaxPerDayRequest
{
    /// <summary>1 to 1,000,000. Absent: 50.</summary>
    public int? Devices { get; init; }

    /// <summary>Of the tenant's fleet, which is the devices that checked in within 30 days; 0 to 100. Absent: 1.</summary>
    public double? Percent { get; init; }
}

/// <summary>How the ways to treat a wipe after loss are spelled on the wire.</summary>
public static class LostWipeNames
{
    public const string Ask = "ask";
    public const string Automatic = "automatic";
}

/// <summary>How the governor's approvals are spelled on the wire.</summary>
public static class ApprovalNames
{
    public const string None = "none";
    public const string TwoPerson = "twoPerson";
}
