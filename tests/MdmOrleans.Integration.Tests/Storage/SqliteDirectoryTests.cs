using MdmOrleans.Storage.Sqlite;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class SqliteDirectoryTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_one_server_at_a_time_may_use_a_directory()
    {
        var first = await StorageHost.StartAsync(database, TimeProvider.System);
        await using var second = StorageHost.Compose(database, TimeProvider.System);

        var refusal = Assert.Throws<DirectoryInUseException>(() => second.Schema);
        Assert.Equal(
            $"The data directory '{database.Directory}' is in use by another server; stop that one, or set Storage:Directory to another directory.",
            refusal.Message);

        await first.DisposeAsync();
        await using var third = await StorageHost.StartAsync(database, TimeProvider.System);
        Assert.True(await third.Health.IsAnsweringAsync(Cancellation));
    }
}
