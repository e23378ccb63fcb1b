using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tenancy;

[GenerateSerializer, Alias("mdm.LostWipe")]
public enum LostWipe
{
    /// <summary>A wipe that loss asks for waits for a person.</summary>
    Ask,
    Automatic,
}

[GenerateSerializer, Alias("mdm.GovernorApproval")]
public enum GovernorApproval { None, TwoPerson }

/// <summary>How many wipes and retirements may pass in 24 hours; of the two, the one that comes to more devices counts.</summary>
/// <param name="Devices">1 to 1,000,000.</param>
/// <param name="Percent">Of the tenant's fleet; 0 to 100.</param>
[GenerateSerializer, Immutable, Alias("mdm.DailyLimit")]
public sealed record DailyLimit([property: Id(0)] int Devices, [property: Id(1)] double Percent)
{
    public static DailyLimit Default { get; } = new(50, 1);

    /// <summary>In devices, for a fleet of this size.</summary>
    public long Of(long fleet) => Math.Max(Devices, (long)Math.Floor(fleet * Percent / 100));
}

/// <summary>How many wipes and retirements may pass.</summary>
/// <param name="MaxInWindow">1 to 1,000,000.</param>
/// <param name="WindowMinutes">1 to 10,080.</param>
/// <param name="MaxPercent">Of the tenant's fleet in one window, more than 0 up to 100, but at least one device.</param>
/// <param name="HoldMinutes">0 to 10,080: how long each one waits before it may go.</param>
[GenerateSerializer, Immutable, Alias("mdm.GovernorSettings")]
public sealed record GovernorSettings(
    [property: Id(0)] int MaxInWindow,
    [property: Id(1)] int WindowMinutes,
    [property: Id(2)] double MaxPercent,
    [property: Id(3)] GovernorApproval Approval,
    [property: Id(4)] int HoldMinutes)
{
    // Null is the default, so that what was stored before there was a daily limit equals what is stored today.
    [Id(5)]
    private readonly DailyLimit? _maxPerDay;

    public static GovernorSettings Default { get; } = new(20, 10, 5, GovernorApproval.None, 0);

    public DailyLimit MaxPerDay
    {
        get => _maxPerDay ?? DailyLimit.Default;
        init => _maxPerDay = value == DailyLimit.Default ? null : value;
    }
}

/// <summary>A governor that lets more through than the one in force: it waits, so that no key can loosen its own guard and use it.</summary>
/// <param name="RequestedBy">E.g. <c>key:admin</c>.</param>
[GenerateSerializer, Immutable, Alias("mdm.GovernorChange")]
public sealed record GovernorChange(
    [property: Id(0)] GovernorSettings Settings, [property: Id(1)] string RequestedBy, [property: Id(2)] DateTimeOffset RequestedAt)
{
    /// <summary>When it comes into force, unless a second person decides sooner.</summary>
    public DateTimeOffset EffectiveAt => RequestedAt + GovernorChangeRules.Delay;
}

/// <summary>What a tenant set.</summary>
[GenerateSerializer, Immutable, Alias("mdm.TenantSettings")]
public sealed record TenantSettings
{
    /// <summary>For people; 1 to 200 characters.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The name of a policy of this tenant.</summary>
    [Id(1)]
    public string? DefaultPolicy { get; init; }

    [Id(2)]
    public bool NoncompliantWithoutPolicy { get; init; } = true;

    /// <summary>The zone or VLAN that a quarantined device is sent to; for the network, at most 200 characters.</summary>
    [Id(3)]
    public string? QuarantineZone { get; init; }

    [Id(4)]
    public LostWipe LostWipe { get; init; }

    [Id(5)]
    public GovernorSettings Governor { get; init; } = GovernorSettings.Default;
}

/// <summary>A tenant as it stands.</summary>
/// <param name="Version">1 when created, one more with every change.</param>
/// <param name="DefaultPolicySince">When the default policy, or what counts without a policy, became what it is.</param>
[GenerateSerializer, Immutable, Alias("mdm.Tenant")]
public sealed record Tenant(
    [property: Id(0)] TenantId Id,
    [property: Id(1)] int Version,
    [property: Id(2)] TenantSettings Settings,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset DefaultPolicySince)
{
    /// <summary>A looser governor that somebody asked for and that is not in force yet; null: none.</summary>
    [Id(5)]
    public GovernorChange? PendingGovernor { get; init; }

    /// <summary>As it stands at <paramref name="now"/>: a pending governor comes into force by itself.</summary>
    public Tenant At(DateTimeOffset now) => PendingGovernor is { } pending && pending.EffectiveAt <= now
        ? this with { Version = Version + 1, Settings = Settings with { Governor = pending.Settings }, PendingGovernor = null }
        : this;
}
