using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.CheckIns;

/// <summary>Decided, stored, believed, in this order.</summary>
public sealed class CommitTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_fails_is_not_believed_and_the_same_check_in_succeeds_once_storage_is_back()
    {
        const string Device = "outage/t1";
        await CreateAsync(Device);
        await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5"), Cancellation);
        var forgotten = cluster.ForgottenAsync(Device);
        cluster.Store.FailNext(new StorageUnavailableException("The database is away."));

        var refused = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation);
        await forgotten;
        var between = await cluster.Twin(Device).ReadAsync(Cancellation);
        var accepted = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation);

        Assert.Equal(ProblemCatalog.Unavailable, refused.Problem);
        Assert.Equal("16.5", between?.Posture?.OsVersion);
        Assert.Null(accepted.Problem);
        Assert.Equal("17.0", (await StoredAsync(Device)).Posture?.OsVersion);
    }

    [Fact]
    public async Task After_a_failure_that_nobody_expected_the_twin_is_read_again()
    {
        const string Device = "bug/t1";
        await CreateAsync(Device);
        var forgotten = cluster.ForgottenAsync(Device);
        cluster.Store.FailNext(new InvalidOperationException("A bug."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation));
        await forgotten;

        Assert.Null((await cluster.Twin(Device).ReadAsync(Cancellation))?.Posture);
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_gives_way_and_the_next_call_judges_what_is_stored()
    {
        const string Device = "twice/t1";
        await CreateAsync(Device);
        await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5"), Cancellation);
        var before = await StoredAsync(Device);
        var other = before with { Version = before.Version + 1, Owner = "the other activation" };
        Assert.Equal(SaveOutcome.Saved, await cluster.Store.SaveAsync(before, other, [], Cancellation));
        var forgotten = cluster.ForgottenAsync(Device);

        var refused = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation);
        await forgotten;
        var accepted = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation);

        Assert.Equal(ProblemCatalog.Unavailable, refused.Problem);
        Assert.Null(accepted.Problem);
        var stored = await StoredAsync(Device);
        Assert.Equal(("the other activation", "17.0", before.Version + 2), (stored.Owner, stored.Posture?.OsVersion, stored.Version));
    }

    [Fact]
    public async Task A_device_that_nobody_created_does_not_stay_in_memory_whoever_asks_for_it()
    {
        const string Device = "outage/nobody";
        await cluster.CreateTenantAsync("outage");

        Assert.Null(await cluster.Twin(Device).ReadAsync(Cancellation));
        await cluster.ForgottenAsync(Device);
        Assert.Equal(ProblemCatalog.DeviceNotFound, (await cluster.CheckIns(Device).CheckInAsync(ACheckIn("1"), Cancellation)).Problem);
        await cluster.ForgottenAsync(Device);
        Assert.Equal(ProblemCatalog.DeviceNotFound, (await cluster.Commands(Device).ListAsync(Cancellation)).Problem);
        await cluster.ForgottenAsync(Device);

        Assert.False(cluster.IsInMemory(Device));
    }

    [Fact]
    public async Task A_check_in_that_says_nothing_new_writes_nothing()
    {
        const string Device = "same/t1";
        await CreateAsync(Device);
        await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5"), Cancellation);
        var before = await StoredAsync(Device);
        cluster.Store.FailNext(new InvalidOperationException("This would have been a write."));

        var outcome = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5"), Cancellation);

        Assert.Null(outcome.Problem);
        Assert.Equal(before.Version, (await cluster.Twin(Device).ReadAsync(Cancellation))?.Version);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0"), Cancellation));
    }

    private async Task CreateAsync(string device)
    {
        await cluster.CreateTenantAsync(device[..device.IndexOf('/')]);
        await cluster.CreateDeviceAsync(device);
    }

    private async Task<Device> StoredAsync(string device) =>
        (await cluster.Store.FindAsync(DeviceId.Parse(device), Cancellation))!; // it was created
}
