using System.Text;
using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>What stands at one place of a posture: a typed member, or JSON that is read where it lies.</summary>
internal ref struct PostureValue
{
    private readonly string? _text;
    private Utf8JsonReader _reader;
    private bool _isInside;

    private PostureValue(JsonValueKind kind, string? text) => (Kind, _text) = (kind, text);

    private PostureValue(JsonValueKind kind, Utf8JsonReader reader)
    {
        Kind = kind;
        _reader = reader;
    }

    public static PostureValue Missing => default;

    /// <summary><see cref="JsonValueKind.Undefined"/> when there is none; a null is none.</summary>
    public JsonValueKind Kind { get; }

    public readonly bool IsMissing => Kind is JsonValueKind.Undefined;

    public static PostureValue Of(string? text) => text is null ? Missing : new(JsonValueKind.String, text);

    public static PostureValue Of(bool? flag) => flag switch
    {
        null => Missing,
        true => new(JsonValueKind.True, "true"),
        false => new(JsonValueKind.False, "false"),
    };

    /// <summary>The value whose first token <paramref name="reader"/> stands on.</summary>
    public static PostureValue At(Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => new(JsonValueKind.String, reader),
        JsonTokenType.Number => new(JsonValueKind.Number, reader),
        JsonTokenType.True => new(JsonValueKind.True, reader),
        JsonTokenType.False => new(JsonValueKind.False, reader),
        JsonTokenType.StartArray => new(JsonValueKind.Array, reader),
        JsonTokenType.StartObject => new(JsonValueKind.Object, reader),
        _ => Missing,
    };

    /// <summary>Only for a string.</summary>
    public readonly bool TextEquals(string text) => _text is not null ? _text == text : _reader.ValueTextEquals(text);

    /// <summary>Only for a string. Allocates for one that is longer than <paramref name="buffer"/>.</summary>
    public readonly ReadOnlySpan<char> ReadText(Span<char> buffer)
    {
        if (_text is not null)
        {
            return _text;
        }

        return _reader.ValueSpan.Length <= buffer.Length ? buffer[.._reader.CopyString(buffer)] : _reader.GetString();
    }

    /// <summary>Only for a number: as <see cref="decimal.CompareTo(decimal)"/>. One that no decimal can hold is beyond all that one can.</summary>
    public readonly int CompareTo(decimal other)
    {
        if (_reader.TryGetDecimal(out var number))
        {
            return number.CompareTo(other);
        }

        return _reader.ValueSpan[0] == '-' ? -1 : 1;
    }

    /// <summary>Only for an array: its first, then each next item; false behind the last.</summary>
    public bool TryNextItem(out PostureValue item)
    {
        item = Missing;
        if (_isInside)
        {
            _reader.Skip(); // what the last item holds
        }

        _isInside = true;
        if (!_reader.Read() || _reader.TokenType is JsonTokenType.EndArray)
        {
            return false;
        }

        item = At(_reader);
        return true;
    }

    /// <summary>For people; null when there is none.</summary>
    public readonly string? Describe()
    {
        if (_text is not null || IsMissing)
        {
            return _text;
        }

        if (Kind is JsonValueKind.String)
        {
            return _reader.GetString();
        }

        return Kind is JsonValueKind.Array ? "an array" : Kind is JsonValueKind.Object ? "an object" : Encoding.UTF8.GetString(_reader.ValueSpan);
    }
}
