using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>A text, number or flag of a policy that a device's value is compared with.</summary>
/// <remarks>
/// Never converts: <c>"5"</c> is not <c>5</c>. A text of at least two dotted numbers is a version, so <c>16.5</c> equals
/// <c>16.5.0</c>; a single number is not, so that <c>007</c> stays what it is, unless it is ordered.
/// </remarks>
internal sealed class TypedValue
{
    private const int MaximumLength = 1000;
    private readonly JsonValueKind _kind;
    private readonly decimal _number;

    private TypedValue(JsonValueKind kind, string text, decimal number = 0)
    {
        _kind = kind;
        _number = number;
        Text = text;
        Version = kind is JsonValueKind.String && DottedVersion.TryParse(text, out var version) ? version : null;
    }

    /// <summary>For people.</summary>
    public string Text { get; }

    /// <summary>Null when the text is no dotted numbers.</summary>
    public DottedVersion? Version { get; }

    public bool IsText => _kind is JsonValueKind.String;

    public bool IsOrdered => _kind is JsonValueKind.Number || Version is not null;

    private bool IsVersion => Version is not null && Text.Contains('.', StringComparison.Ordinal);

    public static TypedValue? Read(PolicyReading reading, JsonPlace place)
    {
        switch (place.Value.ValueKind)
        {
            case JsonValueKind.String when place.Value.GetString() is { Length: <= MaximumLength } text:
                return new TypedValue(JsonValueKind.String, text);
            case JsonValueKind.Number when place.Value.TryGetDecimal(out var number):
                return new TypedValue(JsonValueKind.Number, Normalize(number).ToString(CultureInfo.InvariantCulture), Normalize(number));
            case JsonValueKind.True:
                return new TypedValue(JsonValueKind.True, "true");
            case JsonValueKind.False:
                return new TypedValue(JsonValueKind.False, "false");
            default:
                reading.Refuse(place.Path, $"must be a text of at most {MaximumLength} characters, a number of at most 28 digits, true or false");
                return null;
        }
    }

    /// <summary>Null when the device said something of another type.</summary>
    public bool? Equals(in PostureValue value) => _kind switch
    {
        JsonValueKind.String when value.Kind is JsonValueKind.String => IsVersion ? EqualsVersion(value) : value.TextEquals(Text),
        JsonValueKind.Number when value.Kind is JsonValueKind.Number => value.CompareTo(_number) == 0,
        JsonValueKind.True or JsonValueKind.False when value.Kind is JsonValueKind.True or JsonValueKind.False => value.Kind == _kind,
        _ => null,
    };

    /// <summary>Only where <see cref="IsOrdered"/>: how the device's value compares with this one; null when it does not.</summary>
    /// <remarks>A text compares by its numeric prefix, as the version of an app does; one that has none does not compare.</remarks>
    public int? Compare(in PostureValue value)
    {
        if (_kind is JsonValueKind.Number)
        {
            return value.Kind is JsonValueKind.Number ? value.CompareTo(_number) : null;
        }

        if (value.Kind is not JsonValueKind.String)
        {
            return null;
        }

        var text = value.ReadText(stackalloc char[128]);
        return text is [>= '0' and <= '9', ..] ? DottedVersion.OfPrefix(text).CompareTo(Version.GetValueOrDefault()) : null;
    }

    public void Write(Utf8JsonWriter json)
    {
        switch (_kind)
        {
            case JsonValueKind.String:
                json.WriteStringValue(Text);
                break;
            case JsonValueKind.Number:
                json.WriteNumberValue(_number);
                break;
            default:
                json.WriteBooleanValue(_kind is JsonValueKind.True);
                break;
        }
    }

    private bool EqualsVersion(in PostureValue value)
    {
        var text = value.ReadText(stackalloc char[128]);
        return DottedVersion.TryParse(text, out var version) ? version == Version : text.SequenceEqual(Text);
    }

    // Dividing by one with all its decimals drops the zeros at the end: 1.0 and 1 are the same policy.
    private static decimal Normalize(decimal number) => number / 1.0000000000000000000000000000M;
}
