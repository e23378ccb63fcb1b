using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests;

/// <summary>Builders: only what matters to a test is spelled out in it.</summary>
internal static class A
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public const string OsMinimum =
        """{ "name": "Baseline", "rules": [ { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "16" } } ] }""";

    public static DeviceId Id { get; } = DeviceId.Parse("acme/tablet-7");

    public static SecretHash Token { get; } = SecretHash.Of("token");

    public static Policy Policy(string json = OsMinimum, int version = 1, DateTimeOffset? storedAt = null) =>
        PolicyReader.Read(Encoding.UTF8.GetBytes(json), new PolicyVersion("baseline", version), storedAt ?? Now.AddDays(-1)).Value
        ?? throw new ArgumentException($"not a policy: {json}");

    public static PolicyAssignment Assignment(string json = OsMinimum, int version = 1, DateTimeOffset? storedAt = null) =>
        new(Policy(json, version, storedAt), storedAt ?? Now.AddDays(-1), true);

    public static Decision Created() =>
        DeviceRules.Create(Id, new NewDevice(Token, "key:admin", null, null, ImmutableSortedDictionary<string, string>.Empty, null), Now.AddHours(-1));

    public static Device Device() => Created().Device;

    public static Posture Posture(string osVersion = "16.5") => new()
    {
        Platform = Platform.Android,
        OsVersion = osVersion,
        EncryptionStatus = EncryptionStatus.Encrypted,
    };

    public static CheckIn CheckIn(string osVersion = "16.5", string? boot = null, long? seq = null) =>
        new() { Posture = Posture(osVersion), Boot = boot, Seq = seq };

    public static Device ActiveDevice(string osVersion = "16.5", DateTimeOffset? at = null) =>
        CheckInRules.Accept(Device(), CheckIn(osVersion), Assignment(), at ?? Now).Device;

    public static CommandRequest Command(CommandKind kind = CommandKind.Message, string? key = null, string parameters = "{}") => new()
    {
        Kind = kind,
        Parameters = Utf8Block.FromText(parameters),
        Actor = "key:admin",
        IdempotencyKey = key,
    };

    /// <summary>With the governor's pass, where it needs one.</summary>
    public static Decision TryQueue(this Device device, CommandKind kind, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return CommandRules.Enqueue(device, Command(kind), id, now, Judgement.Pass(id)).Decision;
    }

    public static (Device Device, DeviceCommand Command) Queued(this Device device, CommandKind kind = CommandKind.Message, DateTimeOffset? at = null)
    {
        var now = at ?? Now;
        var id = Guid.CreateVersion7(now);
        var (decision, receipt) = CommandRules.Enqueue(device, Command(kind), id, now, Judgement.Pass(id));
        return (decision.Device, receipt!.Command); // none of these tests fills a queue
    }

    public static Tenant Tenant(string? defaultPolicy = "baseline") =>
        new(Id.Tenant, 1, new TenantSettings { Name = "Acme", DefaultPolicy = defaultPolicy }, Now.AddDays(-2), Now.AddDays(-2));

    public static TenantView TenantView(params Policy[] policies) =>
        new(Tenant(), policies.ToFrozenDictionary(p => p.Version.Id));
}
