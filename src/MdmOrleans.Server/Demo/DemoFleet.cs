using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Agent.Simulation;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Server.Demo;

/// <summary>The tenants and devices of the demo: made at its first start, found again at every other.</summary>
internal sealed class DemoFleet(IGrainFactory grains, string directory)
{
    private const string Actor = "demo";
    private const int Seed = 1;

    private static readonly ImmutableArray<(string Tenant, string Name, int Devices, double GraceHours)> Tenants =
        [("acme", "Acme", 12, 48), ("globex", "Globex", 8, 0), ("initech", "Initech", 5, 0.01)];

    public static IEnumerable<string> TenantNames => Tenants.Select(tenant => tenant.Tenant);

    private string Path => System.IO.Path.Combine(directory, "demo-devices.jsonl");

    /// <summary>The name under which this machine itself enrolls with acme.</summary>
    public static string ThisMachine { get; } = NameOf(Environment.MachineName);

    /// <summary>Returns the credentials of all devices, this machine's first.</summary>
    public async Task<IReadOnlyList<FleetCredential>> EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, name, _, graceHours) in Tenants)
        {
            await EnsureTenantAsync(tenant, name, graceHours, cancellationToken);
        }

        var known = File.Exists(Path) ? await CredentialFile.ReadAsync(Path, cancellationToken) : [];
        var have = known.ToDictionary(c => (c.Tenant, c.Device));
        var missing = Wanted().Where(w => !have.ContainsKey((w.Tenant, w.Device))).ToArray();
        if (missing.Length == 0)
        {
            return known;
        }

        await CredentialFile.AppendAsync(Path, EnrollAsync(missing, cancellationToken), cancellationToken);
        return await CredentialFile.ReadAsync(Path, cancellationToken);
    }

    private static IEnumerable<(string Tenant, string Device, string Platform)> Wanted()
    {
        yield return (Tenants[0].Tenant, ThisMachine, "linux");
        var index = 0;
        foreach (var (tenant, _, devices, _) in Tenants)
        {
            for (var i = 1; i <= devices; i++, index++)
            {
                var platform = SimulatedFleet.PlatformOf(index);
                yield return (tenant, $"{platform}-{i}", platform);
            }
        }
    }

    private async Task EnsureTenantAsync(string tenant, string name, double graceHours, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<ITenantGrain>(tenant);
        if (await grain.ReadAsync(cancellationToken) is { Settings.DefaultPolicy: not null })
        {
            return; // made by an earlier start; what somebody changed since stays
        }

        var settings = new TenantSettings { Name = name, QuarantineZone = "vlan-666" };
        Demand(await grain.PutAsync(settings, null, Actor, cancellationToken));
        var policy = grains.GetGrain<IPolicyGrain>($"{tenant}/{DemoPolicy.Name}");
        Demand(await policy.PutAsync(Utf8Block.FromText(DemoPolicy.Json(graceHours)), null, Actor, cancellationToken));
        Demand(await grain.PutAsync(settings with { DefaultPolicy = DemoPolicy.Name }, null, Actor, cancellationToken));
    }

    private async IAsyncEnumerable<FleetCredential> EnrollAsync(
        IEnumerable<(string Tenant, string Device, string Platform)> devices, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (tenant, device, platform) in devices)
        {
            var credential = new FleetCredential(tenant, device, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), platform);
            var twin = grains.GetGrain<IDeviceTwin>($"{tenant}/{device}");
            var isMachine = device == ThisMachine;
            var created = await twin.CreateAsync(
                new CreateDevice
                {
                    Token = SecretHash.Of(credential.Token),
                    Actor = Actor,
                    Platform = WireNames.ToPlatform(platform),
                    Serial = isMachine ? null : SimulatedFleet.SerialOf(credential, Seed),
                    Labels = ImmutableSortedDictionary<string, string>.Empty.Add("demo", isMachine ? "agent" : "simulated"),
                },
                cancellationToken);
            if (created.Problem == ProblemCatalog.DeviceExists)
            {
                created = await twin.IssueTokenAsync(SecretHash.Of(credential.Token), Actor, cancellationToken); // its token was lost
            }

            Demand(created);
            yield return credential;
        }
    }

    private static void Demand<T>(Outcome<T> outcome)
        where T : class
    {
        if (outcome.Problem is { } problem)
        {
            throw new InvalidOperationException($"The demo could not be set up: {problem.Detail}");
        }
    }

    private static string NameOf(string host)
    {
        var name = new string([.. host.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.').Take(48)]).TrimStart('-', '.');
        return name.Length == 0 ? "this-machine" : name;
    }
}
