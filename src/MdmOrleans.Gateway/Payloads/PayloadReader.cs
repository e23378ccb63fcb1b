using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MdmOrleans.Core;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>Reads one JSON object strictly: UTF-8, 32 deep, no comments, no duplicate members, a wrong type says whose.</summary>
/// <remarks>The first thing that is wrong sticks in <see cref="Problem"/>. Malformed JSON surfaces as <see cref="JsonException"/>.</remarks>
internal ref partial struct PayloadReader
{
    /// <summary>Longer than every word of every vocabulary.</summary>
    private const int LongestWord = 32;

    private const int MaximumDepth = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaximumDepth, CommentHandling = JsonCommentHandling.Disallow };

    private readonly ReadOnlySpan<byte> _payload;
    private readonly MemberNames _names;
    private Utf8JsonReader _json;
    private int _mark;

    public PayloadReader(ReadOnlySpan<byte> payload)
    {
        _payload = payload;
        _names = MemberNames.ForThisThread();
        _json = new Utf8JsonReader(payload, Options);
    }

    /// <summary>Null as long as nothing is wrong.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>What to say where reading has ended in a <see cref="JsonException"/>.</summary>
    public readonly Problem Malformed => Problem ?? (IsTooDeep ? PayloadProblems.TooDeep : PayloadProblems.NotJson);

    // The exception does not say which it was.
    private readonly bool IsTooDeep =>
        _json.CurrentDepth == MaximumDepth && _payload[(int)_json.BytesConsumed..].TrimStart(" \t\r\n,:"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>Enters the payload. False, with a problem, when it is no object.</summary>
    public bool TryBegin()
    {
        if (!Utf8.IsValid(_payload))
        {
            Problem = PayloadProblems.NotUtf8;
            return false;
        }

        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Problem = PayloadProblems.NotAnObject;
            return false;
        }

        _mark = _names.Open();
        return true;
    }

    /// <summary>Moves to the next member that has a value; null is no value. False at the end, and when something is wrong.</summary>
    /// <param name="members">Those that the caller wants; others are skipped, and still may not be there twice.</param>
    /// <param name="hint">Where in <paramref name="members"/> to look first, and then where the one that was found is.</param>
    public bool MoveNext(MemberTable members, ref int hint)
    {
        while (Problem is null && _json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryAddName(_mark))
            {
                return false;
            }

            var found = members.IndexOf(_json.ValueIsEscaped ? Unescape() : _json.ValueSpan, hint);
            _json.Read();
            if (found < 0)
            {
                Skip(kept: false);
            }
            else if (_json.TokenType != JsonTokenType.Null)
            {
                hint = found;
                return Problem is null;
            }
        }

        if (Problem is null)
        {
            _json.Read(); // past the end of the object: anything but white space there throws
        }

        return false;
    }

    public string? ReadString(string member, int maximumLength, bool mayBeEmpty = true)
    {
        CheckString(member, maximumLength, mayBeEmpty);
        return Problem is not null ? null
            : _json.ValueIsEscaped ? _json.GetString()
            : Encoding.UTF8.GetString(_json.ValueSpan);
    }

    /// <summary>The text of a string without copying it; empty, with a problem, for anything else.</summary>
    public ReadOnlySpan<byte> ReadText(string member)
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            Problem = PayloadProblems.WrongType(member, "a string");
            return default;
        }

        return !_json.ValueIsEscaped ? _json.ValueSpan : JsonText.FindMistake(_json.ValueSpan) is null ? Unescape() : default;
    }

    /// <summary>A word of the vocabulary that <paramref name="find"/> knows; <paramref name="wanted"/> lists it for people.</summary>
    public T? ReadWord<T>(string member, Func<ReadOnlySpan<char>, T?> find, string wanted)
        where T : struct
    {
        Span<char> word = stackalloc char[LongestWord];
        var isShort = Encoding.UTF8.TryGetChars(ReadText(member), word, out var length);
        return (isShort ? find(word[..length]) : null) ?? Refuse<T>(member, wanted);
    }

    /// <summary>Says that the value of <paramref name="member"/> is none of those that are <paramref name="wanted"/>.</summary>
    public T? Refuse<T>(string member, string wanted)
        where T : struct
    {
        Problem ??= PayloadProblems.WrongValue(member, wanted);
        return null;
    }

    public bool? ReadBoolean(string member)
    {
        if (_json.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return _json.TokenType == JsonTokenType.True;
        }

        Problem = PayloadProblems.WrongType(member, "true or false");
        return null;
    }

    /// <summary>An integer from 0 to what a long can hold.</summary>
    public long? ReadCounter(string member)
    {
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var value) && value >= 0)
        {
            return value;
        }

        Problem = PayloadProblems.WrongType(member, "an integer from 0 to 9223372036854775807");
        return null;
    }

    /// <summary>RFC 3339 with its offset, as UTC.</summary>
    public DateTimeOffset? ReadInstant(string member)
    {
        var text = ReadText(member);
        var hasOffset = text.Length >= 20 && (text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-');
        if (hasOffset && _json.TryGetDateTimeOffset(out var instant))
        {
            return instant.ToUniversalTime();
        }

        Problem ??= PayloadProblems.WrongType(member, "an instant like 2026-11-24T03:00:00Z");
        return null;
    }

    /// <summary>An object, as the bytes in which it came.</summary>
    public Utf8Block ReadObject(string member, int maximumBytes)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Problem = PayloadProblems.WrongType(member, "an object");
            return default;
        }

        var start = (int)_json.TokenStartIndex;
        Skip(kept: true);
        var block = _payload[start..(int)_json.BytesConsumed];
        if (block.Length > maximumBytes)
        {
            Problem ??= PayloadProblems.TooLong(member, maximumBytes);
        }

        return Problem is null ? new Utf8Block(block.ToArray()) : default;
    }

    /// <summary>All of the payload, right after <see cref="TryBegin"/>.</summary>
    public Utf8Block ReadWhole(int maximumBytes)
    {
        var block = ReadObject(string.Empty, maximumBytes);
        if (Problem is null)
        {
            _json.Read(); // anything but white space behind it throws
        }

        return block;
    }

    /// <summary>An array of objects, as the bytes in which it came; <paramref name="items"/> says what must be in each.</summary>
    public Utf8Block ReadArray(string member, ItemRules items)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Problem = PayloadProblems.WrongType(member, "an array");
            return default;
        }

        var start = (int)_json.TokenStartIndex;
        while (Problem is null && _json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            ReadItem(items);
        }

        return Problem is null ? new Utf8Block(_payload[start..(int)_json.BytesConsumed].ToArray()) : default;
    }
}
