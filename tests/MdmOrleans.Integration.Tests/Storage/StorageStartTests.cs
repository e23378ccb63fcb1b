using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class StorageStartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_no_connection_string_is_said_in_one_sentence_without_its_secrets()
    {
        var refusal = Assert.ThrowsAny<StorageStartException>(() => new ServiceCollection().AddPostgresStorage("Hots=here;Password=secret"));

        Assert.StartsWith("ConnectionStrings:Postgres is no connection string", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_without_the_password()
    {
        await using var host = StorageHost.Compose(
            new OnlyDatabase("Host=127.0.0.1;Port=1;Username=mdm;Password=secret;Database=mdm"), TimeProvider.System);

        var refusal = await Assert.ThrowsAnyAsync<StorageStartException>(() => host.Schema.VerifyAsync(Cancellation));

        Assert.StartsWith("PostgreSQL at 127.0.0.1:1 cannot be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("see ConnectionStrings:Postgres.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1", 12)]
    [InlineData("Host=127.0.0.1;Maximum Pool Size=7", 7)]
    [InlineData("Host=127.0.0.1;MaxPoolSize=7", 7)]
    public async Task A_server_takes_a_part_of_the_connections_that_there_are(string settings, int expected)
    {
        await using var services = new ServiceCollection().AddPostgresStorage(settings).BuildServiceProvider();

        var pool = new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString);

        Assert.Equal(expected, pool.MaxPoolSize);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        var host = StorageHost.Compose(new SqliteDatabase("/dev/null/data"), TimeProvider.System);

        var refusal = Assert.ThrowsAny<StorageStartException>(() => host.Schema);

        Assert.StartsWith("The data directory '/dev/null/data' cannot be used: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said_in_one_sentence()
    {
        using var database = new SqliteDatabase();
        await File.WriteAllTextAsync(Path.Combine(database.Directory, "devices.db"), new string('x', 8192), Cancellation);
        await using var host = StorageHost.Compose(database, TimeProvider.System);

        var refusal = await Assert.ThrowsAnyAsync<StorageStartException>(() => host.Schema.MigrateAsync(Cancellation));

        Assert.Contains("see Storage:Directory", refusal.Message, StringComparison.Ordinal);
    }
}
