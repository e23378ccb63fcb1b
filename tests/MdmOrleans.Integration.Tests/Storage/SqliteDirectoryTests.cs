using System.Runtime.Versioning;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage;
using MdmOrleans.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Integration.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class SqliteDirectoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SqliteDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Only_one_server_at_a_time_may_use_a_directory()
    {
        var first = await StorageHost.StartAsync(_database, TimeProvider.System);
        await using var second = StorageHost.Compose(_database, TimeProvider.System);

        var refusal = Assert.Throws<DirectoryInUseException>(() => second.Schema);
        Assert.Equal(
            $"The data directory '{_database.Directory}' is in use by another server; stop that one, or set Storage:Directory to another directory.",
            refusal.Message);

        await first.DisposeAsync();
        await using var third = await StorageHost.StartAsync(_database, TimeProvider.System);
        Assert.True(await third.Health.TakesWritesAsync(Cancellation));
    }

    [Theory]
    [InlineData("devices.db", "grains.db", false)]
    [InlineData("devices.db", "grains.db", true)]
    [InlineData("grains.db", "devices.db", false)]
    [InlineData("grains.db", "devices.db", true)]
    public async Task Half_a_backup_is_refused_and_left_as_it_is(string missing, string present, bool isEmpty)
    {
        await FillAsync();
        File.Delete(PathOf(missing));
        if (isEmpty)
        {
            await File.WriteAllBytesAsync(PathOf(missing), [], Cancellation);
        }

        await using (var host = StorageHost.Compose(_database, TimeProvider.System))
        {
            foreach (var start in new[] { host.Schema.MigrateAsync, host.Schema.VerifyAsync })
            {
                var refusal = await Assert.ThrowsAsync<DatabaseUnusableException>(() => start(Cancellation));
                Assert.Contains($"{missing} is missing or empty beside {present}", refusal.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal(isEmpty, File.Exists(PathOf(missing)));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_between_the_two_files_is_none()
    {
        await (await StorageHost.StartAsync(_database, TimeProvider.System)).DisposeAsync();
        File.Delete(PathOf("grains.db"));

        await using var host = await StorageHost.StartAsync(_database, TimeProvider.System);

        Assert.Empty(await host.Queries.ListNamesAsync(TenantId.Parse("acme"), new(), null, 1, Cancellation));
    }

    [Fact]
    public async Task The_databases_are_for_this_user_only()
    {
        await using var host = await StorageHost.StartAsync(_database, TimeProvider.System);
        Assert.True(await host.Health.TakesWritesAsync(Cancellation)); // so that there is a log beside the file

        var files = Directory.GetFiles(_database.Directory);
        Assert.Contains(files, file => file.EndsWith("devices.db-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    private string PathOf(string file) => Path.Combine(_database.Directory, file);

    /// <summary>A device, and a state of a grain.</summary>
    private async Task FillAsync()
    {
        await using (var host = await StorageHost.StartAsync(_database, TimeProvider.System))
        {
            await host.Store.SaveAsync(null, Twins.ADevice("acme/kept"), [], Cancellation);
        }

        await using var grains = new SqliteConnection($"Data Source={PathOf("grains.db")};Pooling=False");
        await grains.OpenAsync(Cancellation);
        await using var insert = grains.CreateCommand();
        insert.CommandText =
            "INSERT INTO orleans_grain_state (service_id, grain_type, id_n0, id_n1, id_text, version) VALUES ('mdm', 'tenant', 0, 0, 'acme', 1)";
        await insert.ExecuteNonQueryAsync(Cancellation);
    }
}
