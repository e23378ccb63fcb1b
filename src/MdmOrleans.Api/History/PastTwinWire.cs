using MdmOrleans.Api.Devices;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core;
using MdmOrleans.Core.History;

namespace MdmOrleans.Api.History;

internal static class PastTwinWire
{
    private static readonly string[] NotKept =
        ["version", "nextDueAt", "apps", "owner", "connected", "lastSeenAt", "lastCheckInAt", "pendingCommands"];

    public static PastTwinBody ToBody(this PastTwin twin, DateTimeOffset at) => new()
    {
        Tenant = twin.Id.Tenant.Name,
        Device = twin.Id.Name,
        At = at,
        Number = twin.Number,
        Epoch = twin.Epoch,
        Lifecycle = twin.Lifecycle.ToWire(),
        QuarantineReasons = [.. twin.QuarantineReasons.ToWire()],
        Compliance = twin.Compliance.ToWire(),
        Access = twin.Access?.Level.ToWire() ?? AccessNames.Quarantine,
        Findings = [.. twin.Findings.Select(TwinWire.ToBody)],
        NoncompliantSince = twin.NoncompliantSince,
        GraceEndsAt = twin.GraceEndsAt,
        Policy = twin.Policy is { } policy ? new PolicyReference(policy.Id, policy.Version) : null,
        Platform = (twin.Posture?.Platform ?? twin.ExpectedPlatform)?.ToWire(),
        Model = twin.Posture?.Model,
        Serial = twin.ExpectedSerial ?? twin.Posture?.Serial,
        OsVersion = twin.Posture?.OsVersion,
        PatchLevel = twin.Posture?.PatchLevel,
        EncryptionStatus = twin.Posture?.EncryptionStatus.ToWire(),
        KeyProtectEnabled = twin.Posture?.KeyProtectEnabled,
        Jailbroken = twin.Posture?.Jailbroken,
        PasscodeSet = twin.Posture?.PasscodeSet,
        Attributes = new RawJson(twin.Posture?.Attributes.Memory ?? default),
        AppsDigest = twin.AppsDigest,
        Labels = twin.Labels,
        NotKept = NotKept,
    };
}
