using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The block device under the root filesystem, and whether everything on it passes through dm-crypt.</summary>
internal static class RootDisk
{
    // LVM on LUKS on RAID is four; deeper than this is a loop in a made-up tree.
    private const int DeepestStack = 16;

    // Written by the same tools as dm-crypt's, but they check integrity and hide nothing.
    private static readonly string[] NotEncryption = ["CRYPT-VERITY-", "CRYPT-INTEGRITY-", "CRYPT-SUBDEV-"];

    /// <summary>One of <see cref="EncryptionStatusNames"/>; unknown for filesystems without a block device of their own, as in containers.</summary>
    public static string EncryptionStatus(SystemRoot root) => (Node(root) is { } node ? IsEncrypted(root, node, 0) : null) switch
    {
        true => EncryptionStatusNames.Encrypted,
        false => EncryptionStatusNames.Unencrypted,
        null => EncryptionStatusNames.Unknown,
    };

    /// <summary>Names of the devices that hold the encrypted data, e.g. <c>sda3</c>.</summary>
    public static IReadOnlyList<string> EncryptedDevices(SystemRoot root) => Node(root) is { } node ? [.. EncryptedDevices(root, node, 0)] : [];

    private static IEnumerable<string> EncryptedDevices(SystemRoot root, string node, int depth) =>
        depth > DeepestStack ? []
        : IsCrypt(root, node) ? root.Names(node + "/slaves")
        : root.Names(node + "/slaves").SelectMany(s => EncryptedDevices(root, $"/sys/class/block/{s}", depth + 1));

    /// <summary>Null where it cannot be told.</summary>
    private static bool? IsEncrypted(SystemRoot root, string node, int depth)
    {
        if (depth > DeepestStack || root.HasDirectory(node + "/loop"))
        {
            return null; // a loop device's file may lie anywhere
        }

        if (IsCrypt(root, node))
        {
            return true;
        }

        var slaves = root.Names(node + "/slaves").Select(s => IsEncrypted(root, $"/sys/class/block/{s}", depth + 1)).ToArray();
        return slaves.Length == 0 || slaves.Contains(false) ? false : slaves.Contains(null) ? null : true;
    }

    private static bool IsCrypt(SystemRoot root, string node) =>
        root.ReadText(node + "/dm/uuid") is { } uuid
        && uuid.StartsWith("CRYPT-", StringComparison.Ordinal)
        && !NotEncryption.Any(n => uuid.StartsWith(n, StringComparison.Ordinal));

    /// <summary>The directory in sysfs of the device that holds <c>/</c>; null where there is none.</summary>
    private static string? Node(SystemRoot root)
    {
        // 36 35 98:0 / / rw,noatime shared:1 - ext4 /dev/root rw — the optional fields before the dash vary in number.
        var mount = root.ReadLines("/proc/self/mountinfo").Select(l => l.Split(' ')).LastOrDefault(f => f.Length > 9 && f[4] == "/");
        if (mount is null)
        {
            return null;
        }

        // btrfs invents a device number of its own; then the source tells.
        var node = mount[2].StartsWith("0:", StringComparison.Ordinal)
            ? NodeOfSource(root, mount[Array.IndexOf(mount, "-") + 2])
            : $"/sys/dev/block/{mount[2]}";
        return node is not null && root.HasDirectory(node) ? node : null;
    }

    private static string? NodeOfSource(SystemRoot root, string source) =>
        source.StartsWith("/dev/", StringComparison.Ordinal) ? $"/sys/class/block/{Path.GetFileName(root.LinkTarget(source) ?? source)}" : null;
}
