using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>Twins and events for tests, with everything in them that a row can hold.</summary>
internal static class Twins
{
    /// <summary>With ticks that no database of micro- or milliseconds can hold.</summary>
    public static DateTimeOffset Now { get; } = new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    public static Device ADevice(string id) => new()
    {
        Id = DeviceId.Parse(id),
        Version = 1,
        Epoch = 1,
        Token = SecretHash.Of("token of " + id),
        Lifecycle = LifecycleState.Active,
        WasActive = true,
        Access = new AccessState(AccessLevel.Allow, "compliant", Now),
        Compliance = ComplianceState.Initial with
        {
            Status = ComplianceStatus.Compliant,
            Policy = new PolicyVersion("baseline", 3),
            EvaluatedAt = Now,
        },
        Posture = new Posture
        {
            Platform = Platform.Android,
            OsVersion = "16.5",
            EncryptionStatus = EncryptionStatus.Encrypted,
            KeyProtectEnabled = true,
            PasscodeSet = false,
            PatchLevel = new DateOnly(2026, 11, 5),
            Model = "Zebra TC58",
            Serial = "C02TQ0J4MD6N",
            TimeZone = "Europe/Berlin",
            Apps = Utf8Block.FromText("""[ { "id": "com.salesforce.chatter", "version": "252.0" } ]"""),
            Attributes = Utf8Block.FromText("""{ "battery":88,   "vpn": {"state":"up"} }"""),
        },
        Seen = new LastSeen { SeenAt = Now, CheckInAt = Now, Boot = "c1f2", Seq = 17 },
        NextDueAt = Now.AddHours(24),
        CreatedAt = Now.AddDays(-1),
    };

    /// <summary>No member of it is empty.</summary>
    public static Device ADeviceWithEverything(string id) => ADevice(id) with
    {
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "berlin").Add("ö \"x\"", string.Empty),
        Commands = new CommandQueue
        {
            Pending = [ACommand()],
            Finished = [ACommand() with { Status = CommandStatus.Succeeded, Result = Utf8Block.FromText("{}") }],
        },
        Compliance = new ComplianceState
        {
            Status = ComplianceStatus.InGracePeriod,
            Findings = [AFinding()],
            NoncompliantSince = Now,
            GraceEndsAt = Now.AddHours(48),
            Ladder = new LadderState { Taken = ["0 notify"], NextAt = Now.AddHours(24), Blocks = true, NominatedAt = Now },
        },
        Session = new DeviceSession(new SessionEpoch(Now.UtcTicks, 9), "10.0.0.1:11111@7"),
        Chain = new EventChain(12, new byte[] { 9, 8, 7 }),
        QuarantineReasons = QuarantineReasons.Lost | QuarantineReasons.Wiped,
        Owner = "somebody@example.com",
    };

    /// <summary>The next version of it, so that <c>Seen</c> tells which one it is.</summary>
    public static Device Next(this Device device) => device with
    {
        Version = device.Version + 1,
        Seen = device.Seen! with { SeenAt = device.Seen.SeenAt.AddSeconds(1), Seq = device.Seen.Seq + 1 },
    };

    public static DeviceEvent AnEvent(long number) => new()
    {
        Number = number,
        At = Now.AddSeconds(-number),
        RecordedAt = Now.AddTicks(number),
        Kind = EventKinds.LifecycleChanged,
        Actor = "rule:grace",
        Reason = "noncompliant",
        From = "Active",
        To = "Quarantined",
        Policy = new PolicyVersion("baseline", 3),
        Epoch = 1,
        Detail = Utf8Block.FromText("""{ "was": 1.50, "text": "\u0000" }"""),
        Hash = new byte[] { 1, 2, 3, (byte)number },
    };

    /// <summary>By somebody, at the instant of its last event.</summary>
    public static Deletion ADeletion(Device device, DateTimeOffset? at = null)
    {
        var last = EventChain.Seal(device.Id, device.Chain, AnEvent(device.Chain.Number + 1) with
        {
            Kind = EventKinds.DeviceDeleted,
            Actor = "key:admin",
            RecordedAt = at ?? Now,
        });
        return new Deletion(last, AuditDocuments.Deletion(device, last, last.RecordedAt));
    }

    /// <summary>Numbers begin with 1; both databases refuse this one, and only they know.</summary>
    public static DeviceEvent AnImpossibleEvent() => AnEvent(0);

    public static DeviceCommand ACommand() => new()
    {
        Id = Guid.CreateVersion7(Now),
        Kind = CommandKind.InstallApp,
        Status = CommandStatus.NotNow,
        Parameters = Utf8Block.FromText("""{"app": "com.example", "deep": [1, {"a": null}]}"""),
        RequestedBy = "key:admin",
        CreatedAt = Now,
        ExpiresAt = DateTimeOffset.MaxValue,
        Epoch = 1,
        UpdatedAt = Now,
        IdempotencyKey = "once",
    };

    public static Finding AFinding() => new()
    {
        Rule = "os-minimum",
        Status = RuleStatus.Noncompliant,
        Severity = Severity.Required,
        Expected = ">= 16.5",
        Actual = "16.4",
        ReportedAt = Now,
        Since = Now.AddHours(-1),
        Remediation = "Update to 16.5 or later.",
    };

    public static ImmutableArray<DeviceEvent> None => [];

    /// <summary>Databases may spell the attributes in another way; everything else comes back as it was.</summary>
    public static void AssertSame(Posture expected, Posture actual)
    {
        Assert.Equal(expected with { Attributes = actual.Attributes }, actual);
        using var left = JsonDocument.Parse(expected.Attributes.Memory);
        using var right = JsonDocument.Parse(actual.Attributes.Memory);
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement), $"{expected.Attributes} became {actual.Attributes}");
    }
}
