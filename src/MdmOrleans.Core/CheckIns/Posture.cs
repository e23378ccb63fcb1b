using System.IO.Hashing;

namespace MdmOrleans.Core.CheckIns;

[GenerateSerializer, Alias("mdm.Platform")]
public enum Platform { Other, Android, Ios, Ipados, Macos, Windows, Linux }

[GenerateSerializer, Alias("mdm.EncryptionStatus")]
public enum EncryptionStatus { Unknown, Encrypted, Unencrypted, Encrypting }

/// <summary>What a device says of itself. Null is 'it did not say'.</summary>
[GenerateSerializer, Immutable, Alias("mdm.Posture")]
public sealed record Posture
{
    [Id(0)]
    public required Platform Platform { get; init; }

    /// <summary>1 to 6 dotted numbers, as sent; compare with <c>DottedVersion</c>.</summary>
    [Id(1)]
    public required string OsVersion { get; init; }

    [Id(2)]
    public required EncryptionStatus EncryptionStatus { get; init; }

    /// <summary>Whether the keys are hardware-backed.</summary>
    [Id(3)]
    public bool? KeyProtectEnabled { get; init; }

    [Id(4)]
    public bool? Jailbroken { get; init; }

    [Id(5)]
    public bool? PasscodeSet { get; init; }

    [Id(6)]
    public DateOnly? PatchLevel { get; init; }

    /// <summary>In a check-in, null means 'as before', here and in the members below.</summary>
    [Id(7)]
    public string? Model { get; init; }

    [Id(8)]
    public string? Serial { get; init; }

    [Id(9)]
    public string? TimeZone { get; init; }

    /// <summary>A JSON array of objects with <c>id</c> and <c>version</c>.</summary>
    [Id(10)]
    public Utf8Block Apps { get; init; }

    /// <summary>A JSON object.</summary>
    [Id(11)]
    public Utf8Block Attributes { get; init; }

    /// <summary>
    /// Of the attributes as the device sent them; 0 where it sent none, or before it was kept. A database may hand them back with
    /// other spaces and another order, and the same ones sent again must not pass for a change.
    /// </summary>
    [Id(12)]
    public ulong AttributesDigest { get; init; }

    /// <summary>This posture, completed from <paramref name="before"/> where it means 'as before'.</summary>
    /// <returns><paramref name="before"/> itself when nothing differs: the sign that nothing needs to be stored.</returns>
    public Posture Over(Posture? before)
    {
        if (before is null)
        {
            return Attributes.IsAbsent ? this : this with { AttributesDigest = Digest(Attributes) };
        }

        var (attributes, digest) = AttributesOver(before);
        var merged = this with
        {
            Model = Same(Model, before.Model),
            Serial = Same(Serial, before.Serial),
            TimeZone = Same(TimeZone, before.TimeZone),
            OsVersion = Same(OsVersion, before.OsVersion)!,
            Apps = Apps.IsAbsent || Apps == before.Apps ? before.Apps : Apps,
            Attributes = attributes,
            AttributesDigest = digest,
        };
        return merged == before ? before : merged;
    }

    private (Utf8Block Attributes, ulong Digest) AttributesOver(Posture before)
    {
        if (Attributes.IsAbsent || Attributes == before.Attributes)
        {
            return (before.Attributes, before.AttributesDigest);
        }

        var digest = Digest(Attributes);
        return digest == before.AttributesDigest ? (before.Attributes, digest) : (Attributes, digest);
    }

    private static ulong Digest(Utf8Block attributes) => XxHash64.HashToUInt64(attributes.Span);

    // The stored string is kept where the text is equal, so that a million twins do not hold it twice over time.
    private static string? Same(string? sent, string? before) => sent is null || sent == before ? before : sent;
}
