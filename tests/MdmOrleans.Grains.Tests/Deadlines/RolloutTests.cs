using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Deadlines;

public sealed class RolloutTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_changed_policy_judges_devices_that_say_nothing_within_seconds_and_as_of_its_storing()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("change", ThatAsksFor("16"));
        var devices = await SilentDevicesAsync(world, "change", 20);

        await world.PutPolicyAsync("change/baseline", ThatAsksFor("17"));
        await PassSecondsAsync(world, 5);

        foreach (var device in devices)
        {
            var compliance = (await world.ReadAsync(device)).Compliance;
            Assert.Equal((ComplianceStatus.InGracePeriod, 2, World.Start), (compliance.Status, compliance.Policy!.Version, compliance.NoncompliantSince));
        }
    }

    [Fact]
    public async Task The_shards_hear_of_a_change_and_do_not_wait_for_their_next_look()
    {
        WatchedStore store = null!;
        WatchedDue due = null!;
        await using var world = await World.StartAsync(database, services =>
        {
            services.AddSingleton<IDeviceStore>(store = new WatchedStore(Last<IDeviceStore>(services)));
            services.AddSingleton<IDueDevices>(due = new WatchedDue(Last<IDueDevices>(services)));
        });
        await world.CreateTenantAsync("heard", ThatAsksFor("16"));
        var device = (await SilentDevicesAsync(world, "heard", 1))[0];
        await world.SettleAsync();
        var written = store.NextWriteAsync(device);

        await world.PutPolicyAsync("heard/baseline", ThatAsksFor("17"));
        await due.HastenedAsync(device.Tenant, 2);
        world.Time.Advance(TimeSpan.FromSeconds(2));

        var twin = await written.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((2, World.Start), (twin.Compliance.Policy!.Version, twin.Compliance.NoncompliantSince));
    }

    [Fact]
    public async Task A_change_that_a_crash_interrupted_goes_on_when_the_server_is_back()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("crash", ThatAsksFor("16"));
        var device = (await SilentDevicesAsync(world, "crash", 1))[0];
        await world.PutPolicyAsync("crash/baseline", ThatAsksFor("17"));
        await world.DownAsync();
        await world.PassAsync(TimeSpan.FromMinutes(1));
        await world.UpAsync();

        var other = await world.CreateDeviceAsync("crash/other"); // somebody is judged by it, so its silo reads it
        await world.CheckInAsync(other, "16.1");
        await PassSecondsAsync(world, 5);

        Assert.Equal(World.Start, (await world.ReadAsync(device)).Compliance.NoncompliantSince);
    }

    [Fact]
    public async Task A_tenant_that_changes_its_default_has_its_devices_judged_again()
    {
        await using var world = await World.StartAsync(database);
        await world.CreateTenantAsync("default", ThatAsksFor("16"));
        var device = (await SilentDevicesAsync(world, "default", 1))[0];
        await world.PutPolicyAsync("default/strict", ThatAsksFor("17"));

        await world.PutTenantAsync("default", "strict");
        await PassSecondsAsync(world, 5);

        Assert.Equal(new PolicyVersion("strict", 1), (await world.ReadAsync(device)).Compliance.Policy);
    }

    // The world's own, over which a watched one is put.
    private static T Last<T>(IServiceCollection services) => (T)services.Last(service => service.ServiceType == typeof(T)).ImplementationInstance!;

    private static string ThatAsksFor(string version) =>
        $$"""{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "{{version}}" } } ] }""";

    private static async Task<DeviceId[]> SilentDevicesAsync(World world, string tenant, int count)
    {
        var devices = new DeviceId[count];
        for (var i = 0; i < count; i++)
        {
            devices[i] = await world.CreateDeviceAsync($"{tenant}/device-{i}");
            await world.CheckInAsync(devices[i], "16.1");
        }

        return devices;
    }

    private static async Task PassSecondsAsync(World world, int seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            await world.PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }
}
