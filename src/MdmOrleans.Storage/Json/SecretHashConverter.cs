using System.Text.Json;
using System.Text.Json.Serialization;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Storage.Json;

/// <summary>The digest as Base64; the secret itself is known to nobody here.</summary>
internal sealed class SecretHashConverter : JsonConverter<SecretHash>
{
    public override SecretHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, SecretHash value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Digest.Span);
}
