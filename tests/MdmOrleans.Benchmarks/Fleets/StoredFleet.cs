using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Benchmarks.Fleets;

/// <summary>A fleet that was made long ago: stored by the product's own rules and store, in seconds, and in no server's memory.</summary>
/// <remarks>The tenant and its policy must be there. Each device was created and has checked in once; both are one write here.</remarks>
internal static class StoredFleet
{
    private const int Writers = 128; // a device that comes with fifty commands brings as many events
    private static readonly string Apps = string.Concat(
        Enumerable.Range(0, 39).Select(i => $$""",{"id":"com.example.something.app{{i}}","version":"252.{{i}}.0"}"""));

    public static string NameOf(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:D7}");

    /// <param name="goOn">What has happened to each since, step by step.</param>
    public static async Task CreateAsync(
        string connection, string prefix, int count, Func<Device, DateTimeOffset, IEnumerable<Func<Device, Decision>>> goOn,
        CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        services.AddPostgresStorage(connection);
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IDeviceStore>();
        var now = TimeProvider.System.GetInstant();
        var policy = PolicyReader.Read(Encoding.UTF8.GetBytes(Fleet.PolicyBody), new PolicyVersion(Fleet.Policy, 1), now).Value
            ?? throw new BenchmarkException("The policy of the benchmark is refused.");
        var assignment = new PolicyAssignment(policy, now, NoncompliantWithoutPolicy: true);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Writers, count)).Select(first => Task.Run(
            async () =>
            {
                for (var i = first; i < count; i += Writers)
                {
                    await StoreAsync(store, ADevice(NameOf(prefix, i), i, assignment, now), goOn, now);
                }
            },
            cancellationToken)));
    }

    private static async Task StoreAsync(
        IDeviceStore store, Decision decision, Func<Device, DateTimeOffset, IEnumerable<Func<Device, Decision>>> goOn, DateTimeOffset now)
    {
        foreach (var step in goOn(decision.Device, now))
        {
            decision = Join(decision, step);
        }

        var device = decision.Device with { Version = 1 };
        if (await store.SaveAsync(null, device, decision.Events, CancellationToken.None) != SaveOutcome.Saved)
        {
            throw new BenchmarkException($"{device.Id} is there already.");
        }
    }

    private static Decision ADevice(string name, int number, PolicyAssignment assignment, DateTimeOffset now)
    {
        var id = DeviceId.Parse($"{Fleet.Tenant}/{name}");
        var request = new NewDevice(
            SecretHash.Of(TokenOf(name)), "key:admin", Platform.Android, null, ImmutableSortedDictionary<string, string>.Empty, null);
        var checkIn = new CheckIn { Posture = APosture(number, now), Boot = "c1f2", Seq = 1, At = now };
        return Join(DeviceRules.Create(id, request, now), device => CheckInRules.Accept(device, checkIn, assignment, now));
    }

    /// <summary>The token of a device of such a fleet: it can be told from the name, so that nobody has to remember 100,000.</summary>
    public static string TokenOf(string device) => $"token-of-{device}";

    private static Decision Join(Decision decision, Func<Device, Decision> step)
    {
        var next = step(decision.Device);
        return next.Problem is { } problem
            ? throw new BenchmarkException($"{decision.Device.Id}: {problem.Code}")
            : next with { Events = [.. decision.Events, .. next.Events] };
    }

    private static Posture APosture(int number, DateTimeOffset now) => new()
    {
        Platform = Platform.Android,
        OsVersion = "16.5",
        EncryptionStatus = EncryptionStatus.Encrypted,
        KeyProtectEnabled = true,
        Jailbroken = false,
        PasscodeSet = true,
        PatchLevel = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-19),
        Model = "Zebra TC58",
        Serial = string.Create(CultureInfo.InvariantCulture, $"C02{number:D8}"),
        TimeZone = "Europe/Berlin",
        Apps = Utf8Block.FromText($$"""[{"id":"com.microsoft.teams","version":"2.1"}{{Apps}}]"""),
        Attributes = Utf8Block.FromText("""{"battery":88,"vpn":{"state":"up"},"network":{"type":"wifi","ssid":"corp"}}"""),
    };
}
