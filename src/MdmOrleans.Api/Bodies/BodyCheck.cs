using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Core;

namespace MdmOrleans.Api.Bodies;

/// <summary>Compares a body with the type that it should be, and names everything that is wrong by JSON Pointer.</summary>
/// <remarks>The serializer stops at the first fault, and words it for programmers; callers get all of them, in plain words.</remarks>
internal ref struct BodyCheck
{
    public const int MaxDepth = 32;
    private const int MaxErrors = 50;
    private const int MaxNameLength = 256;

    private static readonly ConcurrentDictionary<Type, ImmutableArray<string>> ReadOnlyMembers = new();

    private readonly JsonSerializerOptions _options;
    private readonly ImmutableArray<ProblemError>.Builder _errors;
    private readonly PointerStack _place = new(MaxDepth);
    private Utf8JsonReader _reader;

    private BodyCheck(ReadOnlySpan<byte> json, JsonSerializerOptions options)
    {
        _options = options;
        _errors = ImmutableArray.CreateBuilder<ProblemError>();
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <param name="expected">Null: any JSON will do, but none with duplicate members or text that cannot be stored.</param>
    /// <exception cref="JsonException">It is not JSON at all.</exception>
    public static ImmutableArray<ProblemError> Run(ReadOnlySpan<byte> json, JsonTypeInfo? expected)
    {
        var check = new BodyCheck(json, expected?.Options ?? HttpJson.Default.Options);
        check._reader.Read();
        check.Value(expected, mayBeNull: false);
        if (check._reader.Read())
        {
            throw new JsonException("There is more after the end.");
        }

        return check._errors.DrainToImmutable();
    }

    private void Value(JsonTypeInfo? expected, bool mayBeNull)
    {
        if (expected is { Type: var type } && Nullable.GetUnderlyingType(type) is { } underlying)
        {
            expected = _options.GetTypeInfo(underlying);
        }

        if (expected?.Type == typeof(RawJson))
        {
            expected = null;
        }

        if (expected is not null && Mismatch(expected, mayBeNull) is { } mismatch)
        {
            Add(mismatch);
            expected = null; // what is inside is only looked at as JSON
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject: Members(expected); break;
            case JsonTokenType.StartArray: Elements(expected); break;
            case JsonTokenType.String: Text(); break;
        }
    }

    private void Members(JsonTypeInfo? expected)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text();
            if (name.Length > MaxNameLength)
            {
                Add($"has a member whose name is longer than {MaxNameLength} characters");
                _reader.Skip();
                continue;
            }

            _place.Enter(name);
            if (!seen.Add(name))
            {
                Add("is duplicated");
            }

            var member = expected?.Kind == JsonTypeInfoKind.Object ? expected.Properties.FirstOrDefault(p => p.Name == name && p.Set is not null) : null;
            if (expected?.Kind == JsonTypeInfoKind.Object && member is null && !IsReadOnly(expected.Type, name))
            {
                Add("is not known here");
            }

            _reader.Read();
            Value(Inside(expected, member), member?.IsSetNullable ?? true);
            _place.Leave();
        }

        foreach (var missing in expected?.Kind == JsonTypeInfoKind.Object ? expected.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)) : [])
        {
            _place.Enter(missing.Name);
            Add("is needed");
            _place.Leave();
        }
    }

    // Whoever sends back what GET gave sends these as well.
    private static bool IsReadOnly(Type type, string name) => ReadOnlyMembers.GetOrAdd(
        type, static type => [.. type.GetCustomAttribute<ReadOnlyMembersAttribute>(inherit: false)?.Names ?? []]).Contains(name);

    private void Elements(JsonTypeInfo? expected)
    {
        var element = Inside(expected, null);
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _place.Enter(i);
            Value(element, mayBeNull: element?.Type.IsPrimitive != true);
            _place.Leave();
        }
    }

    private readonly JsonTypeInfo? Inside(JsonTypeInfo? expected, JsonPropertyInfo? member) =>
        member is not null ? _options.GetTypeInfo(member.PropertyType)
        : expected?.ElementType is { } element ? _options.GetTypeInfo(element)
        : null;

    /// <returns>What it should be instead; null when it is that.</returns>
    private readonly string? Mismatch(JsonTypeInfo expected, bool mayBeNull)
    {
        var token = _reader.TokenType;
        if (token == JsonTokenType.Null)
        {
            return mayBeNull ? null : "must not be null";
        }

        return expected.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => token == JsonTokenType.StartObject ? null : "must be an object",
            JsonTypeInfoKind.Enumerable => token == JsonTokenType.StartArray ? null : "must be an array",
            _ when expected.Type == typeof(string) => token == JsonTokenType.String ? null : "must be a string",
            _ when expected.Type == typeof(bool) => token is JsonTokenType.True or JsonTokenType.False ? null : "must be true or false",
            _ when expected.Type == typeof(int) => token == JsonTokenType.Number && _reader.TryGetInt32(out _) ? null : "must be a whole number",
            _ when expected.Type == typeof(double) => token == JsonTokenType.Number && _reader.TryGetDouble(out _) ? null : "must be a number",
            _ => null,
        };
    }

    /// <summary>The text of a string or of a member's name. Half a surrogate pair or a NUL can be sent in escapes, and no database keeps it.</summary>
    private readonly string Text()
    {
        try
        {
            var text = _reader.GetString() ?? "";
            if (text.Contains('\0'))
            {
                Add("holds a NUL character");
            }

            return text;
        }
        catch (InvalidOperationException) // how the reader says that escapes are no text
        {
            Add("holds half a surrogate pair");
            return "";
        }
    }

    private readonly void Add(string detail)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(new ProblemError(_place.ToString(), detail));
        }
    }
}
