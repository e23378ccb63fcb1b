using MdmOrleans.Agent.Simulation;
using MdmOrleans.Agent.Simulation.Devices;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class DriftTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    [Fact]
    public void The_same_seed_gives_the_same_fleet_after_any_number_of_days()
    {
        var one = AFleet(seed: 7, days: 60).Select(Fingerprint);

        var other = AFleet(seed: 7, days: 60).Select(Fingerprint);

        Assert.Equal(one, other);
    }

    [Fact]
    public void Another_seed_gives_another_fleet()
    {
        Assert.NotEqual(AFleet(seed: 7, days: 60).Select(Fingerprint), AFleet(seed: 8, days: 60).Select(Fingerprint));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(120)]
    public void A_few_of_25_devices_are_out_of_order_and_most_are_not(int days)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.InRange(AFleet(seed, days).Count(IsOutOfOrder), days == 0 ? 4 : 1, 9);
        }
    }

    [Fact]
    public void A_new_fleet_has_every_flaw()
    {
        var fleet = AFleet(seed: 1, days: 0);

        Assert.Contains(fleet, d => IsMobile(d) && Major(d) < 16 && d.OsVersion is "12" or "15.8");
        Assert.Contains(fleet, d => d.EncryptionStatus == EncryptionStatusNames.Unencrypted);
        Assert.Contains(fleet, d => d.Jailbroken == true);
        Assert.Contains(fleet, d => DateOnly.Parse(d.PatchLevel!, null) < Today.AddDays(-60));
    }

    [Fact]
    public void Systems_and_apps_are_updated_as_time_goes_by()
    {
        var young = AFleet(seed: 1, days: 0);

        var old = AFleet(seed: 1, days: 90);

        Assert.True(old.Zip(young).Count(p => p.First.OsVersion != p.Second.OsVersion) > 15);
        Assert.True(old.Zip(young).Count(p => !p.First.Apps!.SequenceEqual(p.Second.Apps!)) > 20);
    }

    [Fact]
    public void Every_version_is_one_that_the_protocol_allows()
    {
        Assert.All(AFleet(seed: 3, days: 400), d => Assert.Matches(@"^\d{1,9}(\.\d{1,9}){0,5}$", d.OsVersion));
    }

    [Fact]
    public void A_fleet_of_25_is_mixed()
    {
        var platforms = AFleet(seed: 1, days: 0).Select(d => d.Platform).Distinct();

        Assert.Equal(6, platforms.Count());
    }

    private static CheckInMessage[] AFleet(int seed, int days)
    {
        int mobile = 0, other = 0;
        return [.. Enumerable.Range(0, 25).Select(i =>
        {
            var device = new FleetCredential("acme", $"sim-{i}", "", PlatformCatalog.PlatformOf(i));
            var traits = DeviceTraits.Of(device, PlatformCatalog.Of(device.Platform).IsMobile ? mobile++ : other++, seed);
            return APosture(traits, days, DeviceTraits.RandomOf(device, seed + 1));
        })];
    }

    private static CheckInMessage APosture(DeviceTraits traits, int days, Random random)
    {
        var state = Drift.Start(traits, Today, random);
        for (var hour = 0; hour < days * 24; hour += 6)
        {
            state = Drift.Advance(state, traits, 6, Today.AddDays(hour / 24), random);
        }

        return SimulatedPosture.Of(traits, state);
    }

    // What a policy like that of http.md would object to.
    private static bool IsOutOfOrder(CheckInMessage device) =>
        device.OsVersion is "12" or "15.8" or "12.7.6" or "10.0.19045" or "10"
        || device.EncryptionStatus != EncryptionStatusNames.Encrypted
        || device.Jailbroken == true
        || device.PatchLevel!.CompareTo(Today.AddDays(-60).ToString("yyyy-MM-dd", null)) < 0
        || device.Attributes!.Value.GetProperty("vpn").GetProperty("state").GetString() != "up";

    private static bool IsMobile(CheckInMessage device) => PlatformCatalog.Of(device.Platform).IsMobile;

    private static int Major(CheckInMessage device) => int.Parse(device.OsVersion.Split('.')[0], null);

    private static string Fingerprint(CheckInMessage device) =>
        $"{device.Model} {device.Serial} {device.OsVersion} {device.PatchLevel} {device.EncryptionStatus} {device.Jailbroken} {device.Attributes} {string.Join(',', device.Apps!)}";
}
