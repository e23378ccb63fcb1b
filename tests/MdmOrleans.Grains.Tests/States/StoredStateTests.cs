using System.Reflection;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.States;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.States;

/// <summary>Grains that change seldom believe a change when it is stored, and not sooner.</summary>
public sealed class StoredStateTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IKeyRing Keys => cluster.Grains.GetGrain<IKeyRing>(0);

    [Fact]
    public void No_grain_takes_its_state_past_the_type_that_writes_first()
    {
        var parameters = typeof(StoredState<>).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IGrain)) && type.IsClass)
            .SelectMany(type => type.GetConstructors()).SelectMany(constructor => constructor.GetParameters());

        Assert.DoesNotContain(parameters, p => p.ParameterType.IsGenericType && p.ParameterType.GetGenericTypeDefinition() == typeof(IPersistentState<>));
    }

    [Fact]
    public void Every_state_is_stored_in_the_format_of_a_class_which_it_once_was()
    {
        var states = typeof(StoredState<>).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IGrain)) && type.IsClass)
            .SelectMany(type => type.GetConstructors()).SelectMany(constructor => constructor.GetParameters()).Select(p => p.ParameterType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StoredState<>)).Select(type => type.GenericTypeArguments[0])
            .ToArray();

        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.False(state.GetCustomAttribute<GenerateSerializerAttribute>()!.IncludePrimaryConstructorParameters, state.Name));
    }

    [Fact]
    public async Task A_key_proves_nothing_before_it_is_stored()
    {
        var key = AKey("slow");
        var write = cluster.StateFaults.HoldNext("keys");
        var adding = Keys.AddAsync(key, Cancellation);
        await write.Reached;

        var meanwhile = await Keys.FindAsync(key.Hash, Cancellation);
        write.Release();

        Assert.Null(await adding);
        Assert.Null(meanwhile);
        Assert.Equal("slow", (await Keys.FindAsync(key.Hash, Cancellation))?.Name);
    }

    [Fact]
    public async Task A_key_whose_write_failed_does_not_exist()
    {
        var key = AKey("failed");
        var forgotten = cluster.ForgottenAsync(Keys);
        cluster.StateFaults.FailNext("keys");

        await Assert.ThrowsAnyAsync<Exception>(() => Keys.AddAsync(key, Cancellation));
        await forgotten;

        Assert.Null(await Keys.FindAsync(key.Hash, Cancellation));
        Assert.Null(await Keys.AddAsync(key, Cancellation));
    }

    [Fact]
    public async Task A_policy_is_not_read_before_it_is_stored_and_its_number_is_given_again_when_the_write_fails()
    {
        await cluster.CreateTenantAsync("slow-policy");
        await cluster.PutPolicyAsync("slow-policy/baseline", APolicyThatAsksFor("16"));
        var policy = cluster.Grains.GetGrain<IPolicyGrain>("slow-policy/baseline");
        var write = cluster.StateFaults.HoldNext("policy");
        var forgotten = cluster.ForgottenAsync(policy);
        var putting = policy.PutAsync(Utf8Block.FromText(APolicyThatAsksFor("17")), null, "test", Cancellation);
        await write.Reached;

        var meanwhile = await policy.ReadAsync(null, Cancellation);
        write.Fail();
        await Assert.ThrowsAnyAsync<Exception>(() => putting);
        await forgotten;
        await cluster.PutPolicyAsync("slow-policy/baseline", APolicyThatAsksFor("18"));
        var after = await policy.ReadAsync(null, Cancellation);

        Assert.Equal(1, meanwhile?.Version);
        Assert.Equal(2, after?.Version);
        Assert.Contains("18", after?.Json.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_is_not_read_before_it_is_stored()
    {
        await cluster.CreateTenantAsync("slow-tenant");
        var tenant = cluster.Grains.GetGrain<ITenantGrain>("slow-tenant");
        var write = cluster.StateFaults.HoldNext("tenant");
        var putting = tenant.PutAsync(new TenantSettings { Name = "Renamed" }, null, "test", Cancellation);
        await write.Reached;

        var meanwhile = await tenant.ReadAsync(Cancellation);
        write.Release();
        await putting;

        Assert.Equal("slow-tenant", meanwhile?.Settings.Name);
        Assert.Equal("Renamed", (await tenant.ReadAsync(Cancellation))?.Settings.Name);
    }

    [Fact]
    public async Task A_new_tenant_is_not_listed_before_its_name_is_stored()
    {
        var directory = cluster.Grains.GetGrain<ITenantDirectory>(0);
        var write = cluster.StateFaults.HoldNext("tenants");
        var creating = cluster.CreateTenantAsync("listed-late");
        await write.Reached;

        var meanwhile = await directory.ListAsync(Cancellation);
        write.Release();
        await creating;

        Assert.DoesNotContain(meanwhile, tenant => tenant.Name == "listed-late");
        Assert.Contains(await directory.ListAsync(Cancellation), tenant => tenant.Name == "listed-late");
    }

    private static AccessKey AKey(string name) => new(name, KeyRole.Operator, null, SecretHash.Of(name), DateTimeOffset.UnixEpoch);
}
