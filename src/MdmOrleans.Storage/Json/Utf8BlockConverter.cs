using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MdmOrleans.Core;

namespace MdmOrleans.Storage.Json;

/// <summary>JSON inside JSON, to the byte: the hash of an event covers the bytes, and people read the history with SQL.</summary>
internal sealed class Utf8BlockConverter : JsonConverter<Utf8Block>
{
    public override Utf8Block Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return default;
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return new Utf8Block(JsonMarshal.GetRawUtf8Value(document.RootElement).ToArray());
    }

    public override void Write(Utf8JsonWriter writer, Utf8Block value, JsonSerializerOptions options)
    {
        if (value.IsAbsent)
        {
            writer.WriteNullValue();
        }
        else
        {
            // A block is valid JSON by its own promise; validating it again would double the cost of a row.
            writer.WriteRawValue(value.Span, skipInputValidation: true);
        }
    }
}
