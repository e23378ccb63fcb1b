using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Compliance.Rules;

namespace MdmOrleans.Core.CheckIns;

/// <summary>What of a posture is remembered: the typed members, the attributes that the policy reads, and the apps as a digest.</summary>
internal static class PostureHistory
{
    /// <summary>False when only such parts differ as no rule reads.</summary>
    public static bool IsWorthAnEvent(Posture? before, Posture after, Policy? policy) =>
        before is null
        || !SameTypedMembers(before, after)
        || (policy is not null && (ReadAppsDiffer(before, after, policy) || ReadAttributesDiffer(before, after, policy)));

    public static Utf8Block Detail(Posture posture, Policy? policy) => JsonBlocks.Write((posture, policy), static (json, state) =>
    {
        var (posture, policy) = state;
        json.WriteStartObject();
        WriteTypedMembers(json, posture);
        if (!posture.Apps.IsAbsent)
        {
            json.WriteString("appsDigest"u8, Convert.ToHexStringLower(SHA256.HashData(posture.Apps.Span)));
        }

        if (policy is { AttributePaths.IsEmpty: false })
        {
            json.WriteStartObject("attributes"u8);
            foreach (var path in policy.AttributePaths)
            {
                var value = path.FindRaw(posture.Attributes);
                if (!value.IsEmpty)
                {
                    json.WritePropertyName(path.Text);
                    json.WriteRawValue(value, skipInputValidation: true);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static bool SameTypedMembers(Posture before, Posture after) =>
        before with { Apps = after.Apps, Attributes = after.Attributes, AttributesDigest = after.AttributesDigest } == after;

    private static bool ReadAppsDiffer(Posture before, Posture after, Policy policy) => before.Apps != after.Apps && ReadApps(policy.Rules);

    private static bool ReadApps(ImmutableArray<Rule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule is AppsRule or AttributeRule { Path.IsApp: true } || (rule is GroupRule group && ReadApps(group.Rules)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ReadAttributesDiffer(Posture before, Posture after, Policy policy)
    {
        if (before.Attributes.IsSameAs(after.Attributes))
        {
            return false;
        }

        foreach (var path in policy.AttributePaths)
        {
            if (!IsSame(path.FindRaw(before.Attributes), path.FindRaw(after.Attributes)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same value; what was loaded may be spelled otherwise than what the device sends.</summary>
    private static bool IsSame(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
        {
            return true;
        }

        if (before.IsEmpty || after.IsEmpty)
        {
            return false;
        }

        var left = new Utf8JsonReader(before);
        var right = new Utf8JsonReader(after);
        using var first = JsonDocument.ParseValue(ref left);
        using var second = JsonDocument.ParseValue(ref right);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }

    private static void WriteTypedMembers(Utf8JsonWriter json, Posture posture)
    {
        json.WriteString("platform"u8, posture.Platform.ToWire());
        json.WriteString("osVersion"u8, posture.OsVersion);
        json.WriteString("encryptionStatus"u8, posture.EncryptionStatus.ToWire());
        Write(json, "keyProtectEnabled"u8, posture.KeyProtectEnabled);
        Write(json, "jailbroken"u8, posture.Jailbroken);
        Write(json, "passcodeSet"u8, posture.PasscodeSet);
        if (posture.PatchLevel is { } patchLevel)
        {
            Span<char> text = stackalloc char[10];
            patchLevel.TryFormat(text, out _, "yyyy-MM-dd");
            json.WriteString("patchLevel"u8, text);
        }

        Write(json, "model"u8, posture.Model);
        Write(json, "serial"u8, posture.Serial);
        Write(json, "timeZone"u8, posture.TimeZone);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
