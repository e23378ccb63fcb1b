using System.Text.Json;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts;

/// <summary>Writes every instant in UTC with <c>Z</c>, as RFC 3339 has it; reads any offset.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    // A UTC DateTime is what the writer ends in Z; it would write a DateTimeOffset with +00:00.
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
