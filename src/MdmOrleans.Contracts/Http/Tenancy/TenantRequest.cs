using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Tenancy;

/// <summary>Body of <c>PUT /v1/tenants/{tenant}</c>; it replaces everything, so what is absent goes back to its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TenantRequest
{
    /// <summary>For people; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a policy of this tenant, for every device that has none of its own. Absent: none.</summary>
    public string? DefaultPolicy { get; init; }

    /// <summary>Whether a device that no policy is assigned to counts as noncompliant. Absent: true.</summary>
    public bool? NoncompliantWithoutPolicy { get; init; }

    /// <summary>The zone or VLAN that the network puts a quarantined device into; 1 to 200 characters.</summary>
    public string? QuarantineZone { get; init; }

    /// <summary>Whether a wipe that loss or theft asks for waits for a person. Absent: <c>ask</c>.</summary>
    [AllowedValues(LostWipeNames.Ask, LostWipeNames.Automatic)]
    public string? LostWipe { get; init; }

    /// <summary>How many wipes and retirements may pass. Absent: the defaults.</summary>
    public GovernorRequest? Governor { get; init; }
}

/// <summary>How many wipes and retirements may pass; what is absent has its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GovernorRequest
{
    /// <summary>How many in one window; 1 to 1,000,000. Absent: 20.</summary>
    public int? MaxInWindow { get; init; }

    /// <summary>Length of the window; 1 to 10,080. Absent: 10.</summary>
    public int? WindowMinutes { get; init; }

    /// <summary>Of the tenant's devices in one window, more than 0 up to 100, but at least one device. Absent: 5.</summary>
    public double? MaxPercent { get; init; }

    /// <summary>Whether each one needs a second person. Absent: <c>none</c>.</summary>
    [AllowedValues(ApprovalNames.None, ApprovalNames.TwoPerson)]
    public string? Approval { get; init; }

    /// <summary>How long each one waits before it may go; 0 to 10,080. Absent: 0.</summary>
    public int? HoldMinutes { get; init; }
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
