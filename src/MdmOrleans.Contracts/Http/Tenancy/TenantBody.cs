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
public sealed record PendingGovernorBody(GovernorBody Governor, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset EffectiveAt);

/// <summary>How many wipes and retirements may pass.</summary>
public sealed record GovernorBody
{
    public required int MaxInWindow { get; init; }

    public required int WindowMinutes { get; init; }

    /// <summary>Of the tenant's devices in one window, but at least one device.</summary>
    public required double MaxPercent { get; init; }

    [AllowedValues(ApprovalNames.None, ApprovalNames.TwoPerson)]
    public required string Approval { get; init; }

    /// <summary>How long each one waits before it may go.</summary>
    public required int HoldMinutes { get; init; }
}
