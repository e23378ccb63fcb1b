using MdmOrleans.Grains.Tests.Deadlines;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Grains.Tests.Clocks;

/// <summary>The runtime collects idle activations by the system's clock, which nobody can set in a test: it begins as if that had been ahead.</summary>
public sealed class SteadyCollectionTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_twin_is_activated_after_the_clock_was_set_back_by_three_days()
    {
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(3));
        await using var world = await World.StartAsync(
            database, services => services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.ActivationManagement, ahead));

        await world.PutTenantAsync("back", null);
        var device = await world.CreateDeviceAsync("back/device");

        Assert.NotNull(await world.ReadAsync(device));
    }
}
