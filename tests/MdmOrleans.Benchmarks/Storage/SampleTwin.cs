using System.Globalization;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Benchmarks.Storage;

/// <summary>A twin as wide as they come in a healthy fleet: 40 apps, a policy, a session, a chain.</summary>
internal static class SampleTwin
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static readonly Utf8Block Apps = Utf8Block.FromText(
        $"[{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"id":"com.example.something.app{{i}}","version":"252.{{i}}.0"}"""))}]");

    private static readonly Utf8Block Detail = Utf8Block.FromText("""{"passcodeSet":{"from":true,"to":false},"apps":"0123456789abcdef0123456789abcdef"}""");

    public static Device Create(int i) => new()
    {
        Id = DeviceId.Parse(string.Create(CultureInfo.InvariantCulture, $"acme/tablet-{i:D6}")),
        Version = 1,
        Epoch = 1,
        Token = SecretHash.Of($"token {i}"),
        Lifecycle = LifecycleState.Active,
        WasActive = true,
        Compliance = ComplianceState.Initial with
        {
            Status = ComplianceStatus.Compliant,
            Policy = new PolicyVersion("baseline", 3),
            EvaluatedAt = Start,
            NextChangeAt = Start.AddDays(1),
        },
        Access = new AccessState(AccessLevel.Allow, "compliant", Start),
        Posture = new Posture
        {
            Platform = Platform.Android,
            OsVersion = "16.5",
            EncryptionStatus = EncryptionStatus.Encrypted,
            KeyProtectEnabled = true,
            Jailbroken = false,
            PasscodeSet = true,
            PatchLevel = new DateOnly(2026, 11, 5),
            Model = "Zebra TC58",
            Serial = string.Create(CultureInfo.InvariantCulture, $"C02{i:D8}"),
            TimeZone = "Europe/Berlin",
            Apps = Apps,
            Attributes = Attributes(0),
        },
        AppsReportedAt = Start,
        AttributesReportedAt = Start,
        Seen = new LastSeen { SeenAt = Start, CheckInAt = Start, Boot = "c1f2", Seq = 1 },
        Chain = new EventChain(17, new byte[32]),
        NextDueAt = Start.AddDays(1),
        Session = new DeviceSession(new SessionEpoch(Start.UtcTicks, i), "10.0.0.1:11111@123456"),
        CreatedAt = Start,
    };

    /// <summary>One check-in later: it was seen, its battery drained, and somebody took the passcode off or put it on again.</summary>
    public static Device Next(Device device)
    {
        var version = device.Version + 1;
        var at = Start.AddSeconds(version);
        return device with
        {
            Version = version,
            Posture = device.Posture! with { PasscodeSet = version % 2 == 0, Attributes = Attributes(version) },
            AttributesReportedAt = at,
            Seen = device.Seen! with { SeenAt = at, CheckInAt = at, Seq = version },
            Chain = new EventChain(device.Chain.Number + 1, device.Chain.Hash),
        };
    }

    public static DeviceEvent EventOf(Device device) => new()
    {
        Number = device.Chain.Number,
        At = device.Seen!.SeenAt,
        RecordedAt = device.Seen.SeenAt,
        Kind = EventKinds.PostureChanged,
        Actor = "device",
        Policy = device.Compliance.Policy,
        Epoch = device.Epoch,
        Detail = Detail,
        Hash = device.Chain.Hash,
    };

    private static Utf8Block Attributes(long version) => Utf8Block.FromText(string.Create(
        CultureInfo.InvariantCulture, $$$"""{"battery":{{{version % 100}}},"vpn":{"state":"up"},"network":{"type":"wifi","ssid":"corp"}}"""));
}
