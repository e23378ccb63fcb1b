using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>On PostgreSQL the silos find each other in the database, too.</summary>
public sealed class PostgresOrleansTests(PostgresDatabase database) : OrleansConformance(database), IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMembershipTable Members => Silo.Services.GetRequiredService<IMembershipTable>();

    [Fact]
    public async Task The_silo_that_started_is_an_active_member()
    {
        var table = await Members.ReadAllAsync(Cancellation);

        var self = Silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        Assert.Equal(SiloStatus.Active, table.Members.Single(member => member.Item1.SiloAddress.Equals(self)).Item1.Status);
    }

    [Fact]
    public async Task Of_two_changes_from_one_version_of_the_table_only_the_first_is_made()
    {
        var table = await Members.ReadAllAsync(Cancellation);
        var silo = ASilo(generation: 1);

        Assert.True(await Members.InsertRowAsync(silo, table.Version.Next(), Cancellation));
        Assert.False(await Members.InsertRowAsync(ASilo(generation: 2), table.Version.Next(), Cancellation));

        var read = await Members.ReadRowAsync(silo.SiloAddress, Cancellation);
        silo.Status = SiloStatus.Dead;
        silo.SuspectTimes = [Tuple.Create(silo.SiloAddress, silo.StartTime)];
        Assert.True(await Members.UpdateRowAsync(silo, read.Members.Single().Item2, read.Version.Next(), Cancellation));
        Assert.False(await Members.UpdateRowAsync(silo, read.Members.Single().Item2, read.Version.Next(), Cancellation));
        Assert.Equal(SiloStatus.Dead, (await Members.ReadRowAsync(silo.SiloAddress, Cancellation)).Members.Single().Item1.Status);
    }

    [Fact]
    public async Task A_silo_is_inserted_once()
    {
        var silo = ASilo(generation: 3);
        Assert.True(await Members.InsertRowAsync(silo, (await Members.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var before = (await Members.ReadAllAsync(Cancellation)).Version;

        Assert.False(await Members.InsertRowAsync(silo, before.Next(), Cancellation));
        Assert.Equal(before.Version, (await Members.ReadAllAsync(Cancellation)).Version.Version);
    }

    [Fact]
    public async Task A_defunct_silo_is_cleaned_up_and_a_living_one_is_not()
    {
        var silo = ASilo(generation: 4);
        silo.Status = SiloStatus.Dead;
        Assert.True(await Members.InsertRowAsync(silo, (await Members.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        await Members.UpdateIAmAliveAsync(silo, Cancellation);
        await Members.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(silo.IAmAliveTime).AddMinutes(1), Cancellation);

        var table = await Members.ReadAllAsync(Cancellation);
        Assert.DoesNotContain(table.Members, member => member.Item1.SiloAddress.Equals(silo.SiloAddress));
        Assert.NotEmpty(table.Members);
    }

    protected override void UseClustering(ISiloBuilder silo)
    {
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        silo.UseAdoNetClustering(options =>
                (options.Invariant, options.DataSource, options.ConnectionString) = (Orleans.Invariant, Orleans.DataSource, Orleans.ConnectionString));
        silo.Configure<ClusterMembershipOptions>(options => options.DefunctSiloCleanupPeriod = null); // only when a test says so
    }

    private static MembershipEntry ASilo(int generation) => new()
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
