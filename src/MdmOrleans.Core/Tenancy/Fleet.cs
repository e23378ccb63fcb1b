namespace MdmOrleans.Core.Tenancy;

/// <summary>What counts where a share of a tenant's fleet is meant.</summary>
public static class Fleet
{
    /// <summary>A device that has not checked in for longer is no part of the fleet, nor is one that never did or is retired.</summary>
    public static TimeSpan Memory { get; } = TimeSpan.FromDays(30);

    /// <summary>The devices of a tenant's fleet as of <paramref name="now"/>.</summary>
    public static DeviceFilter At(DateTimeOffset now) => new() { CheckedInSince = now - Memory };
}
