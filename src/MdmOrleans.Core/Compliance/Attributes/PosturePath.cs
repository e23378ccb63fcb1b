using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Rules;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>A place in the posture as a check-in spells it, e.g. <c>/osVersion</c> or <c>/attributes/vpn/state</c>.</summary>
public sealed class PosturePath
{
    private const string Apps = "apps";
    private const string Attributes = "attributes";

    private static readonly FrozenDictionary<string, Func<Posture, string?>> Texts = new Dictionary<string, Func<Posture, string?>>
    {
        ["platform"] = static p => p.Platform.ToWire(),
        ["osVersion"] = static p => p.OsVersion,
        ["encryptionStatus"] = static p => p.EncryptionStatus.ToWire(),
        ["patchLevel"] = static p => p.PatchLevel?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["model"] = static p => p.Model,
        ["serial"] = static p => p.Serial,
        ["timeZone"] = static p => p.TimeZone,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<Posture, bool?>> Flags = new Dictionary<string, Func<Posture, bool?>>
    {
        ["keyProtectEnabled"] = static p => p.KeyProtectEnabled,
        ["jailbroken"] = static p => p.Jailbroken,
        ["passcodeSet"] = static p => p.PasscodeSet,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly JsonPointer _pointer;
    private readonly Func<Posture, string?>? _text;
    private readonly Func<Posture, bool?>? _flag;

    private PosturePath(JsonPointer pointer)
    {
        _pointer = pointer;
        _text = Texts.GetValueOrDefault(pointer.NameAt(0));
        _flag = Flags.GetValueOrDefault(pointer.NameAt(0));
    }

    /// <summary>The JSON Pointer (RFC 6901).</summary>
    public string Text => _pointer.Text;

    /// <summary>Whether it lies in the attributes, rather than in a typed member or the apps.</summary>
    public bool IsAttribute => _pointer.NameAt(0) == Attributes;

    internal bool IsApp => _pointer.NameAt(0) == Apps;

    /// <summary>Null for what is no pointer, and for one that can never lead anywhere.</summary>
    public static PosturePath? TryCreate(string text)
    {
        if (JsonPointer.TryCreate(text) is not { } pointer)
        {
            return null;
        }

        var path = new PosturePath(pointer);
        var isMember = path._text is not null || path._flag is not null;
        return path.IsApp || path.IsAttribute || (isMember && pointer.Depth == 1) ? path : null;
    }

    /// <summary>The JSON of the value in the attributes; empty when there is none, or when it cannot be read.</summary>
    public ReadOnlySpan<byte> FindRaw(Utf8Block attributes)
    {
        if (!IsAttribute || attributes.IsAbsent)
        {
            return default;
        }

        try
        {
            var reader = new Utf8JsonReader(attributes.Span);
            if (!_pointer.TryFollow(ref reader, 1))
            {
                return default;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return attributes.Span[start..(int)reader.BytesConsumed];
        }
        catch (Exception e) when (Rule.IsUnreadable(e))
        {
            return default;
        }
    }

    /// <summary>False when the device never said anything of the part that it lies in.</summary>
    internal bool IsReported(Posture posture) =>
        IsApp ? !posture.Apps.IsAbsent : !IsAttribute || !posture.Attributes.IsAbsent;

    internal PostureValue Find(Posture posture)
    {
        if (_text is not null)
        {
            return PostureValue.Of(_text(posture));
        }

        if (_flag is not null)
        {
            return PostureValue.Of(_flag(posture));
        }

        var block = IsApp ? posture.Apps : posture.Attributes;
        var reader = new Utf8JsonReader(block.Span);
        return !block.IsAbsent && _pointer.TryFollow(ref reader, 1) ? PostureValue.At(reader) : PostureValue.Missing;
    }
}
