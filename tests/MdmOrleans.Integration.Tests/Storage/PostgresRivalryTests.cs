using MdmOrleans.Core;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>Two servers that both believe to hold the same devices, as around a partition of the cluster.</summary>
public sealed class PostgresRivalryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_servers_that_write_the_same_devices_each_time_exactly_one_wins_and_neither_fails()
    {
        await using var left = await StorageHost.StartAsync(database, TimeProvider.System);
        await using var right = await StorageHost.StartAsync(database, TimeProvider.System);
        var devices = Enumerable.Range(0, 300).Select(i => ADevice($"acme/rival-{i}")).ToArray();
        await Task.WhenAll(devices.Select(device => left.Store.SaveAsync(null, device, None, Cancellation).AsTask()));

        for (var round = 1; round <= 5; round++)
        {
            // In opposite orders, so that the batches lock the rows in opposite orders, too.
            var ours = devices.Select(device => SaveAsync(left, device, "left")).ToArray();
            var theirs = devices.Reverse().Select(device => SaveAsync(right, device, "right")).Reverse().ToArray();

            var won = (await Task.WhenAll(ours)).Zip(await Task.WhenAll(theirs)).ToArray();
            Assert.DoesNotContain(won, pair => pair.First == pair.Second);
            devices = await Task.WhenAll(devices.Select(async device => (await left.Store.FindAsync(device.Id, Cancellation))!));
            Assert.Equal(won.Select(pair => pair.First is SaveOutcome.Saved ? "left" : "right"), devices.Select(device => device.Owner));
        }
    }

    private static Task<SaveOutcome> SaveAsync(StorageHost host, Device device, string owner) =>
        host.Store.SaveAsync(device, device.Next() with { Owner = owner }, [AnEvent(device.Version)], Cancellation).AsTask();
}
