using System.Buffers.Binary;
using System.Text.Json;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>Whether the key of the root disk is sealed in the TPM.</summary>
/// <remarks>
/// A TPM that is merely there protects nothing. What can be claimed is what the LUKS2 header says: a token that systemd-cryptenroll
/// wrote for the TPM. Reading it takes root; without it, or on another kind of disk, the answer is unknown.
/// </remarks>
internal static class KeyProtection
{
    private const int BinaryHeader = 4096;
    private const int LargestHeader = 4 * 1024 * 1024;

    private static ReadOnlySpan<byte> Magic => [(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xBA, 0xBE];

    public static bool? Read(SystemRoot root)
    {
        var sealedInTpm = RootDisk.EncryptedDevices(root).Select(d => IsSealed(root, $"/dev/{d}")).ToArray();
        return sealedInTpm.Length == 0 || sealedInTpm.Contains(null) ? null : sealedInTpm.All(s => s == true) && HasTpm(root);
    }

    public static bool HasTpm(SystemRoot root) => root.Names("/sys/class/tpm").Any(n => n.StartsWith("tpm", StringComparison.Ordinal));

    private static bool? IsSealed(SystemRoot root, string device)
    {
        using var disk = root.Open(device);
        return disk is not null && ReadMetadata(disk) is { } metadata ? HasTpmToken(metadata) : null;
    }

    /// <summary>The JSON area of a LUKS2 header; null where it is no such header.</summary>
    private static byte[]? ReadMetadata(Stream disk)
    {
        var start = new byte[16];
        if (disk.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
            || !start.AsSpan(0, 6).SequenceEqual(Magic)
            || BinaryPrimitives.ReadUInt16BigEndian(start.AsSpan(6)) != 2)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt64BigEndian(start.AsSpan(8));
        if (size is <= BinaryHeader or > LargestHeader)
        {
            return null;
        }

        var header = new byte[(int)size];
        disk.Position = 0;
        return disk.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            ? [.. header.AsSpan(BinaryHeader).TrimEnd((byte)0)]
            : null;
    }

    private static bool? HasTpmToken(byte[] metadata)
    {
        try
        {
            using var json = JsonDocument.Parse(metadata);
            return json.RootElement.TryGetProperty("tokens", out var tokens)
                && tokens.EnumerateObject().Any(t => t.Value.TryGetProperty("type", out var type) && type.GetString() == "systemd-tpm2");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not what cryptsetup writes
        {
            return null;
        }
    }
}
