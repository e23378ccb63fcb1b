using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Tenancy;

/// <summary>A tenant as it stands.</summary>
public sealed record TenantBody
{
    /// <summary>The name that its routes, topics and certificates carry.</summary>
    public required string Tenant { get; init; }

    /// <summary>1 when created, one more with every change; the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The policy of every device that has none of its own; null: none.</summary>
    public required string? DefaultPolicy { get; init; }

    public required bool NoncompliantWithoutPolicy { get; init; }

    /// <summary>Where the network puts a quarantined device; null: its own default.</summary>
    public required string? QuarantineZone { get; init; }

    [AllowedValues(LostWipeNames.Ask, LostWipeNames.Automatic)]
    public required string LostWipe { get; init; }

    /// <summary>What is in force.</summary>
    public required GovernorBody Governor { get; init; }

    /// <summary>A looser governor that is not in force yet; absent where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PendingGovernorBody? PendingGovernor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A governor that lets more through than the one in force. It is listed among the holds.</summary>
/// <param name="EffectiveAt">When it comes into force, unless a second person decides sooner.</param>
/// <param name="Hold">Its id among the holds.</param>
/// <param name="Hint">For people: what waits, how long, and who can decide sooner.</param>
public sealed record PendingGovernorBody(
    GovernorBody Governor, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset EffectiveAt, string Hold, string Hint);

/// <summary>How many wipes and retirements may pass in 24 hours; the one that comes to more devices counts.</summary>
/// <param name="Percent">Of the tenant's fleet, which is the devices that checked in within 30 days.</param>
public sealed record MaxPerDayBody(int Devices, double Percent);

/// <summary>How many wipes and retirements may pass.</summary>
public sealed record GovernorBody
{
    public required int MaxInWindow { get; init; }

    public required int WindowMinutes { get; init; }

    public required MaxPerDayBody MaxPerDay { get; init; }

    /// <summary>Of the tenant's fleet in one window, but at least one device.</summary>
    public required double MaxPercent { get; init; }

    [AllowedValues(ApprovalNames.None, ApprovalNames.TwoPerson)]
    public required string Approval { get; init; }

    /// <summary>How long each one waits before it may go.</summary>
    public required int HoldMinutes { get; init; }
}
