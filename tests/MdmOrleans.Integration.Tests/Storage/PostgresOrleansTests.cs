using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>On PostgreSQL the silos find each other in the database, too.</summary>
public sealed class PostgresOrleansTests(PostgresDatabase database) : OrleansConformance(database), IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_silo_that_started_is_an_active_member()
    {
        var table = await Silo.Services.GetRequiredService<IMembershipTable>().ReadAllAsync(Cancellation);

        var self = Silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        Assert.Equal(SiloStatus.Active, table.Members.Single(member => member.Item1.SiloAddress.Equals(self)).Item1.Status);
    }

    [Fact]
    public async Task Of_two_changes_from_one_version_of_the_table_only_the_first_is_made()
    {
        using var host = ASilo("two-changes");
        var members = await AnEmptyTable(host);
        var table = await members.ReadAllAsync(Cancellation);
        var silo = AMember(generation: 1);

        Assert.True(await members.InsertRowAsync(silo, table.Version.Next(), Cancellation));
        Assert.False(await members.InsertRowAsync(AMember(generation: 2), table.Version.Next(), Cancellation));

        var read = await members.ReadRowAsync(silo.SiloAddress, Cancellation);
        silo.Status = SiloStatus.Dead;
        silo.SuspectTimes = [Tuple.Create(silo.SiloAddress, silo.StartTime)];
        Assert.True(await members.UpdateRowAsync(silo, read.Members.Single().Item2, read.Version.Next(), Cancellation));
        Assert.False(await members.UpdateRowAsync(silo, read.Members.Single().Item2, read.Version.Next(), Cancellation));
        Assert.Equal(SiloStatus.Dead, (await members.ReadRowAsync(silo.SiloAddress, Cancellation)).Members.Single().Item1.Status);
    }

    [Fact]
    public async Task A_silo_is_inserted_once()
    {
        using var host = ASilo("inserted-once");
        var members = await AnEmptyTable(host);
        var silo = AMember(generation: 3);
        Assert.True(await members.InsertRowAsync(silo, (await members.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var before = (await members.ReadAllAsync(Cancellation)).Version;

        Assert.False(await members.InsertRowAsync(silo, before.Next(), Cancellation));
        Assert.Equal(before.Version, (await members.ReadAllAsync(Cancellation)).Version.Version);
    }

    [Fact]
    public async Task A_defunct_silo_is_cleaned_up_and_a_living_one_is_not()
    {
        using var host = ASilo("cleaned-up");
        var members = await AnEmptyTable(host);
        var living = AMember(generation: 4);
        living.Status = SiloStatus.Active;
        var dead = AMember(generation: 5);
        dead.Status = SiloStatus.Dead;
        foreach (var silo in new[] { living, dead })
        {
            Assert.True(await members.InsertRowAsync(silo, (await members.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));
            await members.UpdateIAmAliveAsync(silo, Cancellation);
        }

        await members.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(dead.IAmAliveTime).AddMinutes(1), Cancellation);

        var left = Assert.Single((await members.ReadAllAsync(Cancellation)).Members);
        Assert.Equal(living.SiloAddress, left.Item1.SiloAddress);
    }

    protected override void UseClustering(ISiloBuilder silo)
    {
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        silo.UseAdoNetClustering(options =>
                (options.Invariant, options.DataSource, options.ConnectionString) = (Orleans.Invariant, Orleans.DataSource, Orleans.ConnectionString));
    }

    /// <summary>
    /// Of a cluster in which no silo runs: one that runs changes its table when it likes, first of all to declare dead a member that it never met.
    /// </summary>
    private static async Task<IMembershipTable> AnEmptyTable(IHost silo)
    {
        var members = silo.Services.GetRequiredService<IMembershipTable>();
        await members.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancellation);
        return members;
    }

    private static MembershipEntry AMember(int generation) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11111, generation),
        SiloName = "silo",
        HostName = "host",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = new DateTime(2026, 11, 24, 3, 0, 0, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 11, 24, 3, 0, 0, DateTimeKind.Utc),
    };
}
