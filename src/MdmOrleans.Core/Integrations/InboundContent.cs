using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

namespace MdmOrleans.Core.Integrations;

/// <summary>What a webhook's body must be, whatever its sender's system says in it.</summary>
public static class InboundContent
{
    private const int MaxDepth = 32;
    private const int MaxNameLength = 256;

    /// <summary>Tells two bodies apart: SHA-256 in hexadecimal.</summary>
    public static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Why this is no JSON that is read here: null when it is. The signature must be proved first.</summary>
    public static Problem? Check(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return ProblemCatalog.MalformedJson("The body is not UTF-8.");
        }

        try
        {
            return FindFlaw(body) is { } flaw ? ProblemCatalog.MalformedJson(flaw) : null;
        }
        catch (JsonException)
        {
            return ProblemCatalog.MalformedJson($"The body is not JSON, or is nested more than {MaxDepth} deep.");
        }
        catch (InvalidOperationException) // how the reader says that escapes are no text
        {
            return ProblemCatalog.MalformedJson("The body contains half a surrogate pair.");
        }
    }

    private static string? FindFlaw(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                names.Push(new HashSet<string>(StringComparer.Ordinal));
            }
            else if (reader.TokenType is JsonTokenType.EndObject)
            {
                names.Pop();
            }
            else if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && Find(reader.GetString()!, ref reader, names) is { } flaw)
            {
                return flaw;
            }
        }

        return null;
    }

    private static string? Find(string text, ref Utf8JsonReader reader, Stack<HashSet<string>> names) => reader.TokenType switch
    {
        _ when text.Contains('\0') => "The body holds a NUL character.",
        JsonTokenType.PropertyName when text.Length > MaxNameLength => $"The body has a member whose name is longer than {MaxNameLength} characters.",
        JsonTokenType.PropertyName when !names.Peek().Add(text) => $"The body has the member '{text}' twice in one object.",
        _ => null,
    };
}
