using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using Wire = MdmOrleans.Contracts.Compliance;

namespace MdmOrleans.Api.Devices;

internal static class TwinWire
{
    public static TwinBody ToBody(this Device device, bool connected) => new()
    {
        Tenant = device.Id.Tenant.Name,
        Device = device.Id.Name,
        Version = device.Version,
        Epoch = device.Epoch,
        Lifecycle = device.Lifecycle.ToWire(),
        QuarantineReasons = [.. device.QuarantineReasons.ToWire()],
        Compliance = device.Compliance.Status.ToWire(),
        Access = device.Access.Level.ToWire(),
        Findings = [.. device.Compliance.Findings.Select(ToBody)],
        NoncompliantSince = device.Compliance.NoncompliantSince,
        GraceEndsAt = device.Compliance.GraceEndsAt,
        NextDueAt = device.NextDueAt,
        Policy = ToPolicy(device),
        Platform = device.Platform?.ToWire(),
        Model = device.Posture?.Model,
        Serial = device.Serial,
        ReportedSerial = device.ContradictingSerial,
        OsVersion = device.Posture?.OsVersion,
        PatchLevel = device.Posture?.PatchLevel,
        EncryptionStatus = device.Posture?.EncryptionStatus.ToWire(),
        KeyProtectEnabled = device.Posture?.KeyProtectEnabled,
        Jailbroken = device.Posture?.Jailbroken,
        PasscodeSet = device.Posture?.PasscodeSet,
        Apps = new RawJson(device.Posture?.Apps.Memory ?? default),
        Attributes = new RawJson(device.Posture?.Attributes.Memory ?? default),
        Labels = device.Labels,
        Owner = device.Owner,
        Connected = connected,
        LastSeenAt = device.Seen?.SeenAt,
        LastCheckInAt = device.Seen?.CheckInAt,
        PendingCommands = device.Commands.Pending.Length,
    };

    private static TwinPolicy? ToPolicy(Device device) =>
        device.Compliance.Policy is { } judged ? new TwinPolicy(judged.Id, judged.Version)
        : device is { AssignedPolicy: { } assigned, Posture: null } ? new TwinPolicy(assigned, null)
        : null;

    public static Wire.Finding ToBody(Core.Compliance.Finding finding) => new()
    {
        Rule = finding.Rule,
        Status = finding.Status.ToWire(),
        Severity = finding.Severity.ToWire(),
        Expected = finding.Expected,
        Actual = finding.Actual,
        ReportedAt = finding.ReportedAt,
        Since = finding.Since,
        Remediation = finding.Remediation,
    };
}
