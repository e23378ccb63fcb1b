using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Text;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Integration.Tests.Agents;

[SupportedOSPlatform("linux")]
public sealed class LinuxPostureTests : IDisposable
{
    private const string Luks = "CRYPT-LUKS2-0123456789abcdef-root";
    private const string TpmToken = """{ "keyslots": {}, "tokens": { "0": { "type": "systemd-tpm2", "keyslots": ["1"] } } }""";

    private readonly MadeUpMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task What_cannot_be_read_is_left_out()
    {
        var posture = await _machine.ReadAsync();

        Assert.Equal((PlatformNames.Linux, "0", EncryptionStatusNames.Unknown), (posture.Platform, posture.OsVersion, posture.EncryptionStatus));
        Assert.Equal((null, null, null, null), (posture.Model, posture.Serial, posture.PatchLevel, posture.TimeZone));
        Assert.Equal((null, null, null), (posture.KeyProtectEnabled, posture.Jailbroken, posture.PasscodeSet));
        Assert.Null(posture.Apps);
        Assert.Equal("""{"os":{}}""", posture.Attributes!.Value.GetRawText());
    }

    [Theory]
    [InlineData("VERSION_ID=\"24.04\"", "24.04")]
    [InlineData("VERSION_ID=9.4", "9.4")]
    [InlineData("VERSION_ID='12'", "12")]
    [InlineData("#VERSION_ID=1\nVERSION_ID=2", "2")]
    [InlineData("BUILD_ID=rolling", "0")]
    [InlineData("VERSION_ID=sid", "0")]
    [InlineData("VERSION_ID=1..2", "0")]
    public async Task The_version_is_that_of_os_release(string file, string version)
    {
        _machine.With("/etc/os-release", $"NAME=X\n{file}\n");

        Assert.Equal(version, (await _machine.ReadAsync()).OsVersion);
    }

    [Fact]
    public async Task A_disk_that_passes_through_dm_crypt_is_encrypted()
    {
        _machine.WithRootOn("254:1").WithDisk("dm-1", "254:1", "LVM-abc", "dm-0").WithDisk("dm-0", "254:0", Luks, "sda3").WithDisk("sda3", "8:3");

        Assert.Equal(EncryptionStatusNames.Encrypted, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Fact]
    public async Task A_plain_partition_is_unencrypted()
    {
        _machine.WithRootOn("8:1").WithDisk("sda1", "8:1");

        Assert.Equal(EncryptionStatusNames.Unencrypted, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Fact]
    public async Task A_volume_that_is_only_partly_encrypted_is_unencrypted()
    {
        _machine.WithRootOn("254:1").WithDisk("dm-1", "254:1", "LVM-abc", "dm-0", "sdb1").WithDisk("dm-0", "254:0", Luks, "sda3").WithDisk("sdb1", "8:17");

        Assert.Equal(EncryptionStatusNames.Unencrypted, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Theory]
    [InlineData("CRYPT-VERITY-0123-root")]
    [InlineData("CRYPT-INTEGRITY-root")]
    public async Task A_device_that_only_checks_integrity_is_not_encrypted(string uuid)
    {
        _machine.WithRootOn("254:0").WithDisk("dm-0", "254:0", uuid, "sda3").WithDisk("sda3", "8:3");

        Assert.Equal(EncryptionStatusNames.Unencrypted, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Fact]
    public async Task A_filesystem_with_a_number_of_its_own_is_found_by_its_source()
    {
        _machine.WithRootOn("0:35", "btrfs", "/dev/mapper/root").WithLink("/dev/mapper/root", "../dm-0").WithDisk("dm-0", "254:0", Luks, "sda3");

        Assert.Equal(EncryptionStatusNames.Encrypted, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Theory]
    [InlineData("0:35", "overlay", "overlay")]
    [InlineData("0:35", "zfs", "rpool/ROOT")]
    [InlineData("7:0", "ext4", "/dev/loop0")]
    [InlineData("9:9", "ext4", "/dev/gone")]
    public async Task A_disk_that_cannot_be_seen_through_is_unknown(string number, string filesystem, string source)
    {
        _machine.WithRootOn(number, filesystem, source).WithDisk("loop0", "7:0").With("/sys/class/block/loop0/loop/backing_file", "/x");

        Assert.Equal(EncryptionStatusNames.Unknown, (await _machine.ReadAsync()).EncryptionStatus);
    }

    [Fact]
    public async Task A_disk_key_that_is_sealed_in_the_tpm_is_protected()
    {
        AnEncryptedMachine().With("/dev/sda3", ALuksHeader(TpmToken)).With("/sys/class/tpm/tpm0/tpm_version_major", "2");

        Assert.True((await _machine.ReadAsync()).KeyProtectEnabled);
    }

    [Theory]
    [InlineData("""{ "tokens": {} }""")]
    [InlineData("""{ "tokens": { "0": { "type": "luks2-keyring" } } }""")]
    public async Task A_tpm_that_the_disk_does_not_use_protects_nothing(string metadata)
    {
        AnEncryptedMachine().With("/dev/sda3", ALuksHeader(metadata)).With("/sys/class/tpm/tpm0/tpm_version_major", "2");

        Assert.False((await _machine.ReadAsync()).KeyProtectEnabled);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a header at all, but long enough")]
    public async Task A_header_that_cannot_be_read_leaves_key_protection_unknown(string? header)
    {
        AnEncryptedMachine().With("/sys/class/tpm/tpm0/tpm_version_major", "2");
        if (header is not null)
        {
            _machine.With("/dev/sda3", header);
        }

        Assert.Null((await _machine.ReadAsync()).KeyProtectEnabled);
    }

    [Theory]
    [InlineData(new byte[] { 6, 0, 0, 0, 1 }, "true")]
    [InlineData(new byte[] { 6, 0, 0, 0, 0 }, "false")]
    [InlineData(new byte[] { 6, 0 }, null)]
    public async Task Secure_boot_is_what_the_firmware_says(byte[] variable, string? expected)
    {
        _machine.With("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", variable);

        var attributes = (await _machine.ReadAsync()).Attributes!.Value;

        Assert.Equal(expected, attributes.TryGetProperty("secureBoot", out var on) ? on.GetRawText() : null);
    }

    [Fact]
    public async Task The_patch_level_is_the_day_of_the_last_upgrade_and_not_of_the_last_installation()
    {
        _machine.With("/var/log/apt/history.log", """

            Start-Date: 2026-11-20  06:00:00
            Upgrade: jq:amd64 (1.6, 1.7)
            End-Date: 2026-11-20  06:00:09

            Start-Date: 2026-11-24  06:21:26
            Install: mosquitto:amd64 (2.0.11)
            End-Date: 2026-11-24  06:21:30
            """);

        Assert.Equal("2026-11-20", (await _machine.ReadAsync()).PatchLevel);
    }

    [Fact]
    public async Task A_rotated_log_counts_where_the_new_one_tells_of_no_upgrade()
    {
        _machine
            .With("/var/log/apt/history.log", "")
            .WithCompressed("/var/log/apt/history.log.1.gz", "Start-Date: 2026-10-02  06:00:00\nUpgrade: jq:amd64 (1.6, 1.7)\n")
            .With("/var/log/dpkg.log", "2026-09-30 10:00:00 upgrade bash:amd64 5.1 5.2\n2026-11-01 10:00:00 status installed bash:amd64 5.2\n");

        Assert.Equal("2026-10-02", (await _machine.ReadAsync()).PatchLevel);
    }

    [Fact]
    public async Task Dnf_keeps_a_log_too()
    {
        _machine.With("/var/log/dnf.rpm.log", "2026-08-01T10:00:00+0000 SUBDEBUG Upgrade: bash-5.2-1\n2026-08-09T10:00:00+0000 SUBDEBUG Installed: jq-1.7\n");

        Assert.Equal("2026-08-01", (await _machine.ReadAsync()).PatchLevel);
    }

    [Fact]
    public async Task Packages_are_those_that_dpkg_has_installed()
    {
        _machine.With("/var/lib/dpkg/status", """
            Package: zlib1g
            Status: install ok installed
            Architecture: amd64
            Version: 1:1.2.13.dfsg-1
            Description: compression library
             Version: not this one

            Package: zlib1g
            Status: install ok installed
            Architecture: i386
            Version: 1:1.2.13.dfsg-1

            Package: gone
            Status: deinstall ok config-files
            Version: 1.0

            Package: bash
            Status: install ok installed
            Version: 5.2.15-2
            """);

        var posture = await _machine.ReadAsync();

        Assert.Equal([new InstalledApp("bash", "5.2.15-2"), new InstalledApp("zlib1g", "1.2.13.dfsg-1")], posture.Apps!);
    }

    [Fact]
    public async Task When_not_all_packages_fit_those_that_were_chosen_are_reported()
    {
        string Name(int n) => $"lib-automatic-package-with-a-long-name-{n:D4}";
        var automatic = Enumerable.Range(0, 2000).Select(n => $"Package: {Name(n)}\nStatus: install ok installed\nVersion: 1.0\n");
        _machine
            .With("/var/lib/dpkg/status", string.Join('\n', automatic.Append("Package: zsh\nStatus: install ok installed\nVersion: 5.9\n")))
            .With("/var/lib/apt/extended_states", string.Join('\n', Enumerable.Range(0, 2000).Select(n => $"Package: {Name(n)}\nAuto-Installed: 1\n")));

        var posture = await _machine.ReadAsync();

        Assert.Contains(new InstalledApp("zsh", "5.9"), posture.Apps!);
        Assert.InRange(posture.Apps!.Count, 500, 1500);
        var packages = posture.Attributes!.Value.GetProperty("packages");
        Assert.Equal((2001, posture.Apps.Count), (packages.GetProperty("installed").GetInt32(), packages.GetProperty("reported").GetInt32()));
    }

    [Fact]
    public async Task Packages_of_rpm_are_what_rpm_says()
    {
        _machine.WithExecutable("/usr/bin/rpm", "#!/bin/sh\nprintf 'zsh\\t5.9-1\\ngpg-pubkey\\tabc-1\\nbash\\t5.2.26-3\\n'\n");

        Assert.Equal([new InstalledApp("bash", "5.2.26-3"), new InstalledApp("zsh", "5.9-1")], (await _machine.ReadAsync()).Apps!);
    }

    [Fact]
    public async Task An_rpm_that_fails_leaves_the_packages_unknown()
    {
        _machine.WithExecutable("/usr/bin/rpm", "#!/bin/sh\necho 'bash\t5'\nexit 1\n");

        Assert.Null((await _machine.ReadAsync()).Apps);
    }

    [Theory]
    [InlineData("Dell Inc.", "Latitude 7450", "Dell Inc. Latitude 7450")]
    [InlineData("LENOVO", "Lenovo ThinkPad", "Lenovo ThinkPad")]
    [InlineData("To Be Filled By O.E.M.", "X570", "X570")]
    [InlineData("ASUS", "System Product Name", null)]
    public async Task The_model_is_what_the_firmware_says_unless_nobody_filled_it_in(string vendor, string product, string? model)
    {
        _machine.With("/sys/class/dmi/id/sys_vendor", vendor + "\n").With("/sys/class/dmi/id/product_name", product + "\n");

        Assert.Equal(model, (await _machine.ReadAsync()).Model);
    }

    [Fact]
    public async Task A_device_tree_names_boards_without_dmi()
    {
        _machine.With("/proc/device-tree/model", "Raspberry Pi 5 Model B\0").With("/proc/device-tree/serial-number", "10000000abcdef\0");

        var posture = await _machine.ReadAsync();

        Assert.Equal(("Raspberry Pi 5 Model B", "10000000abcdef"), (posture.Model, posture.Serial));
    }

    [Fact]
    public async Task The_time_zone_is_that_of_the_link_and_else_of_the_note()
    {
        _machine.With("/etc/timezone", "Asia/Tokyo\n");
        Assert.Equal("Asia/Tokyo", (await _machine.ReadAsync()).TimeZone);

        _machine.WithLink("/etc/localtime", "/usr/share/zoneinfo/Europe/Berlin");

        Assert.Equal("Europe/Berlin", (await _machine.ReadAsync()).TimeZone);
    }

    [Fact]
    public async Task The_battery_is_that_of_the_machine_and_not_of_its_mouse()
    {
        _machine
            .With("/sys/class/power_supply/AC/type", "Mains").With("/sys/class/power_supply/hid-mouse/type", "Battery")
            .With("/sys/class/power_supply/hid-mouse/scope", "Device").With("/sys/class/power_supply/hid-mouse/capacity", "5")
            .With("/sys/class/power_supply/BAT0/type", "Battery").With("/sys/class/power_supply/BAT0/capacity", "88");

        Assert.Equal(88, (await _machine.ReadAsync()).Attributes!.Value.GetProperty("battery").GetInt32());
    }

    [Fact]
    public async Task The_kernel_is_an_attribute()
    {
        _machine.With("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");

        Assert.Equal("6.1.0-18-amd64", (await _machine.ReadAsync()).Attributes!.Value.GetProperty("kernel").GetString());
    }

    private MadeUpMachine AnEncryptedMachine() => _machine.WithRootOn("254:0").WithDisk("dm-0", "254:0", Luks, "sda3").WithDisk("sda3", "8:3");

    private static byte[] ALuksHeader(string metadata)
    {
        var header = new byte[16384];
        Encoding.Latin1.GetBytes("LUKS\u00ba\u00be").CopyTo(header, 0);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), 2);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), (ulong)header.Length);
        Encoding.UTF8.GetBytes(metadata).CopyTo(header, 4096);
        return header;
    }
}
