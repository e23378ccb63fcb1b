using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Attributes;

/// <summary>A JSON Pointer (RFC 6901), taken apart once and followed through UTF-8 without a document.</summary>
internal sealed class JsonPointer
{
    private readonly ImmutableArray<Token> _tokens;

    private JsonPointer(string text, ImmutableArray<Token> tokens) => (Text, _tokens) = (text, tokens);

    public string Text { get; }

    public int Depth => _tokens.Length;

    /// <summary>Null for what is no pointer, and for the empty one, which names everything.</summary>
    public static JsonPointer? TryCreate(string text)
    {
        if (!text.StartsWith('/'))
        {
            return null;
        }

        var tokens = ImmutableArray.CreateBuilder<Token>();
        foreach (var part in text[1..].Split('/'))
        {
            if (Unescape(part) is not { } name)
            {
                return null;
            }

            tokens.Add(new Token(name, Encoding.UTF8.GetBytes(name), IndexOf(name)));
        }

        return new JsonPointer(text, tokens.ToImmutable());
    }

    public string NameAt(int depth) => _tokens[depth].Name;

    /// <summary>Moves <paramref name="reader"/>, new, to the value that the tokens from <paramref name="depth"/> on name; false when there is none.</summary>
    public bool TryFollow(ref Utf8JsonReader reader, int depth)
    {
        if (!reader.Read())
        {
            return false;
        }

        for (var i = depth; i < _tokens.Length; i++)
        {
            var isFound = reader.TokenType switch
            {
                JsonTokenType.StartObject => TryEnterMember(ref reader, _tokens[i].Utf8),
                JsonTokenType.StartArray => TryEnterItem(ref reader, _tokens[i].Index),
                _ => false,
            };
            if (!isFound)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryEnterMember(ref Utf8JsonReader reader, byte[] name)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool TryEnterItem(ref Utf8JsonReader reader, int? index)
    {
        for (var i = 0; reader.Read() && reader.TokenType is not JsonTokenType.EndArray; i++)
        {
            if (i == index)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Null where a tilde is followed by neither 0 nor 1.</summary>
    private static string? Unescape(string part)
    {
        for (var i = part.IndexOf('~', StringComparison.Ordinal); i >= 0; i = part.IndexOf('~', i + 1))
        {
            if (i + 1 == part.Length || part[i + 1] is not ('0' or '1'))
            {
                return null;
            }
        }

        return part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    /// <summary>Null for what names no item: letters, leading zeros, the dash behind the last item.</summary>
    private static int? IndexOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (name.Length == 1 || name[0] != '0') ? index : null;

    private sealed record Token(string Name, byte[] Utf8, int? Index);
}
