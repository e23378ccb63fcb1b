using System.Globalization;
using System.Text.Json;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The posture of the Linux machine below a root. What it cannot read it leaves out.</summary>
/// <remarks>Whether a Linux machine is 'jailbroken' or has a passcode is not said: root is no jailbreak there, and there are many users.</remarks>
internal sealed class LinuxPosture(SystemRoot root) : IPostureSource
{
    public async ValueTask<CheckInMessage> ReadAsync(CancellationToken cancellationToken)
    {
        var os = OsRelease.Read(root);
        var packages = await Packages.ReadAsync(root, cancellationToken);
        return new CheckInMessage
        {
            Platform = PlatformNames.Linux,
            OsVersion = os.Version,
            Model = Firmware.Model(root),
            Serial = Firmware.Serial(root),
            TimeZone = TimeZoneName.Read(root),
            PatchLevel = LastUpgrade.Read(root)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            EncryptionStatus = RootDisk.EncryptionStatus(root),
            KeyProtectEnabled = KeyProtection.Read(root),
            Apps = packages?.Apps,
            Attributes = JsonSerializer.SerializeToElement(AttributesOf(os, packages), LinuxJson.Default.LinuxAttributes),
        };
    }

    private LinuxAttributes AttributesOf(OsRelease os, Packages? packages) => new()
    {
        Os = new OsAttributes(os.Id, os.Name),
        Kernel = root.ReadText("/proc/sys/kernel/osrelease"),
        Architecture = root.ReadText("/proc/sys/kernel/arch"),
        Hostname = root.ReadText("/proc/sys/kernel/hostname"),
        Tpm = root.HasDirectory("/sys/class/tpm") ? KeyProtection.HasTpm(root) : null,
        SecureBoot = Firmware.SecureBoot(root),
        Battery = Battery.Read(root),
        Packages = packages is null ? null : new PackageAttributes(packages.Manager, packages.Installed, packages.Apps.Count),
    };
}
