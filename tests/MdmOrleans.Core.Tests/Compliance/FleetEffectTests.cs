using System.Collections.Frozen;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class FleetEffectTests
{
    private const string Stricter = """{ "name": "Baseline", "rules": [ { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "17" } } ] }""";
    private static readonly DateTimeOffset Now = A.Now.AddHours(1);

    [Theory]
    [InlineData(10, 1, false)]
    [InlineData(10, 2, true)]
    [InlineData(9, 1, true)]
    [InlineData(1, 1, true)]
    [InlineData(0, 0, false)]
    public void More_than_a_tenth_of_the_fleet_is_a_mass(int fleet, int affected, bool isMass)
    {
        var effect = FleetEffect.None
            .Add(AccessLevel.Allow, AccessLevel.Quarantine, isAffected: true, affected)
            .Add(AccessLevel.Allow, AccessLevel.Allow, isAffected: false, fleet - affected);

        Assert.Equal(isMass, effect.IsMass);
    }

    [Fact]
    public void A_device_whose_grace_the_change_begins_loses_its_access()
    {
        var effect = FleetEffect.None.Add(A.ActiveDevice("16.5"), A.TenantView(A.Policy()), A.TenantView(A.Policy(Stricter, 2)), Now);

        Assert.Equal((1, 1), (effect.Before[AccessLevel.Allow], effect.After[AccessLevel.Quarantine]));
        Assert.Equal(1, effect.Affected);
    }

    [Fact]
    public void A_device_that_was_in_its_grace_anyway_loses_nothing_by_the_change()
    {
        var effect = FleetEffect.None.Add(A.ActiveDevice("15.0"), A.TenantView(A.Policy()), A.TenantView(A.Policy(Stricter, 2)), Now);

        Assert.Equal(0, effect.Affected);
    }

    [Fact]
    public void A_device_that_the_last_change_has_not_reached_yet_is_not_counted_again_for_the_next()
    {
        var stricter = A.TenantView(A.Policy(Stricter, 2));
        var renamed = A.TenantView(A.Policy(Stricter.Replace("Baseline", "Renamed", StringComparison.Ordinal), 3));

        Assert.Equal(0, FleetEffect.None.Add(A.ActiveDevice("16.5"), stricter, renamed, Now).Affected);
    }

    [Fact]
    public void A_device_loses_its_access_at_once_where_its_policy_is_taken_away()
    {
        var without = new TenantView(A.Tenant(defaultPolicy: null) with { DefaultPolicySince = Now }, FrozenDictionary<string, Policy>.Empty);

        var effect = FleetEffect.None.Add(A.ActiveDevice(), A.TenantView(A.Policy()), without, Now);

        Assert.Equal((1, 1), (effect.Affected, effect.After[AccessLevel.Quarantine]));
    }
}
