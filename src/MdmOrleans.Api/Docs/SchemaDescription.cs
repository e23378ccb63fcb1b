using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Devices;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>What the serializer's metadata does not say: the names that a member may have, and what our types are called outside.</summary>
internal static class SchemaDescription
{
    public static string? Name(JsonTypeInfo type)
    {
        if (type.Type == typeof(RawJson))
        {
            return null; // any JSON: there is nothing to refer to
        }

        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name?.EndsWith("Body", StringComparison.Ordinal) == true ? name[..^"Body".Length] : name;
    }

    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(DateTimeOffset) || context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
        {
            schema.Type = JsonSchemaType.String | (context.JsonTypeInfo.Type == typeof(DateTimeOffset) ? 0 : JsonSchemaType.Null); // our converter hides it
        }

        if (context.JsonPropertyInfo is { Name: "labels", DeclaringType: var owner } && owner == typeof(DevicePatch)
            && schema.AdditionalProperties is OpenApiSchema label)
        {
            label.Type |= JsonSchemaType.Null; // to remove it; what may be null inside of a dictionary is not in the metadata
        }

        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false);
        if (attributes is [AllowedValuesAttribute allowed, ..])
        {
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!))]; // our names are strings
            if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }

        return Task.CompletedTask;
    }
}
