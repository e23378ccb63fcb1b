using System.Net;
using System.Net.Sockets;
using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>Orleans' own providers, in a silo that starts, on our tables and statements. Derived once per database.</summary>
public abstract class OrleansConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("tenant", "acme");
    private StorageHost _storage = null!; // set in InitializeAsync, like the silo

    protected IHost Silo { get; private set; } = null!;

    protected OrleansDatabase Orleans => _storage.Orleans;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IGrainStorage Storage => Silo.Services.GetRequiredKeyedService<IGrainStorage>("state");

    private IReminderTable Reminders => Silo.Services.GetRequiredService<IReminderTable>();

    public async ValueTask InitializeAsync()
    {
        _storage = await StorageHost.StartAsync(database, TimeProvider.System);
        Silo = ASilo("test");
        await Silo.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A silo that has not started.</summary>
    protected IHost ASilo(string cluster)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            UseClustering(silo);
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "test"));
            silo.AddAdoNetGrainStorage("state", options =>
                (options.Invariant, options.DataSource, options.ConnectionString) = (Orleans.Invariant, Orleans.DataSource, Orleans.ConnectionString));
            silo.UseAdoNetReminderService(options =>
                (options.Invariant, options.DataSource, options.ConnectionString) = (Orleans.Invariant, Orleans.DataSource, Orleans.ConnectionString));
        });
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.StopAsync(CancellationToken.None);
        Silo.Dispose();
        await _storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_grain_s_state_comes_back_and_its_version_moves()
    {
        var state = AState("first");
        await Storage.WriteStateAsync("settings", Grain, state);
        state.State!.Name = "second";
        await Storage.WriteStateAsync("settings", Grain, state);

        var read = new GrainState<Settings>();
        await Storage.ReadStateAsync("settings", Grain, read);

        Assert.Equal(("second", "2", true), (read.State!.Name, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task Of_two_first_writes_of_one_state_the_second_is_refused()
    {
        var grain = GrainId.Create("tenant", "first-write");
        await Storage.WriteStateAsync("settings", grain, AState("first"));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("settings", grain, AState("second")));
    }

    [Fact]
    public async Task A_write_from_an_older_version_is_refused()
    {
        var grain = GrainId.Create("tenant", "older-write");
        var state = AState("first");
        await Storage.WriteStateAsync("settings", grain, state);
        var stale = new GrainState<Settings>(new Settings(), state.ETag) { RecordExists = true };
        await Storage.WriteStateAsync("settings", grain, state);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("settings", grain, stale));
    }

    [Fact]
    public async Task A_write_of_what_was_never_written_is_refused_when_it_claims_a_version()
    {
        var grain = GrainId.Create("tenant", "claimed");

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("settings", grain, new GrainState<Settings>(new Settings(), "7") { RecordExists = true }));
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_can_be_written_again()
    {
        var grain = GrainId.Create("tenant", "cleared");
        var state = AState("first");
        await Storage.WriteStateAsync("settings", grain, state);
        await Storage.ClearStateAsync("settings", grain, state);

        var read = new GrainState<Settings>();
        await Storage.ReadStateAsync("settings", grain, read);
        Assert.False(read.RecordExists);
        read.State!.Name = "again";
        await Storage.WriteStateAsync("settings", grain, read);

        await Storage.ReadStateAsync("settings", grain, read);
        Assert.Equal("again", read.State.Name);
    }

    [Fact]
    public async Task A_reminder_is_found_by_its_grain_and_by_its_place_on_the_ring()
    {
        var grain = GrainId.Create("deadlines", "17");
        var start = new DateTime(2026, 11, 24, 3, 0, 0, DateTimeKind.Utc);
        var entry = new ReminderEntry { GrainId = grain, ReminderName = "keep-alive", StartAt = start, Period = TimeSpan.FromMinutes(1) };

        var first = await Reminders.UpsertRow(entry, Cancellation);
        var second = await Reminders.UpsertRow(entry, Cancellation);

        Assert.NotEqual(first, second);
        var read = await Reminders.ReadRow(grain, "keep-alive", Cancellation);
        Assert.Equal((start, TimeSpan.FromMinutes(1), second), (read!.StartAt, read.Period, read.ETag));
        Assert.Single((await Reminders.ReadRows(grain, Cancellation)).Reminders);
        var hash = grain.GetUniformHashCode();
        Assert.Contains((await Reminders.ReadRows(hash - 1, hash, Cancellation)).Reminders, reminder => reminder.GrainId == grain);
        Assert.DoesNotContain((await Reminders.ReadRows(hash, hash + 1, Cancellation)).Reminders, reminder => reminder.GrainId == grain);
        Assert.Contains((await Reminders.ReadRows(hash + 1, hash, Cancellation)).Reminders, reminder => reminder.GrainId == grain);
    }

    [Fact]
    public async Task A_reminder_is_removed_at_its_version_only()
    {
        var grain = GrainId.Create("deadlines", "18");
        var entry = new ReminderEntry { GrainId = grain, ReminderName = "keep-alive", StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromDays(60) };
        var version = await Reminders.UpsertRow(entry, Cancellation);

        Assert.False(await Reminders.RemoveRow(grain, "keep-alive", "99", Cancellation));
        Assert.True(await Reminders.RemoveRow(grain, "keep-alive", version!, Cancellation));
        Assert.Null(await Reminders.ReadRow(grain, "keep-alive", Cancellation));
    }

    protected abstract void UseClustering(ISiloBuilder silo);

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static GrainState<Settings> AState(string name) => new(new Settings { Name = name });

    public sealed class Settings
    {
        public string Name { get; set; } = string.Empty;
    }
}

public sealed class SqliteOrleansTests(SqliteDatabase database) : OrleansConformance(database), IClassFixture<SqliteDatabase>
{
    protected override void UseClustering(ISiloBuilder silo) => silo.UseLocalhostClustering(FreePort(), FreePort());
}
