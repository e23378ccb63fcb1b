using MdmOrleans.Core;
using MdmOrleans.Storage.Sqlite;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class SqliteWriterTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_writer_that_hangs_refuses_what_it_has_no_place_for_and_does_all_that_it_accepted()
    {
        using var directory = new SqliteDirectory(database.Directory);
        using var disk = new ManualResetEventSlim();
        using var writer = new SqliteWriter(directory);
        var accepted = new List<Task<bool>>();
        Task<bool>? refused = null;

        for (var i = 0; refused is null && i < 10_000; i++)
        {
            var done = writer.RunAsync(_ => disk.Wait(TimeSpan.FromSeconds(30)));
            if (done.IsFaulted)
            {
                refused = done;
            }
            else
            {
                accepted.Add(done);
            }
        }

        var refusal = await Assert.ThrowsAsync<StorageUnavailableException>(() => refused ?? Task.FromResult(true));
        Assert.Contains("overloaded", refusal.Message, StringComparison.Ordinal);
        disk.Set();
        Assert.All(await Task.WhenAll(accepted), Assert.True);
        Assert.True(await writer.RunAsync(_ => true));
    }
}
