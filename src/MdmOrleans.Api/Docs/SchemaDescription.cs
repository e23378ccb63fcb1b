using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>What the serializer's metadata does not say: the names that a member may have, and what our types are called outside.</summary>
internal static class SchemaDescription
{
    public static string? Name(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name?.EndsWith("Body", StringComparison.Ordinal) == true ? name[..^"Body".Length] : name;
    }

    public static Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false);
        if (attributes is [AllowedValuesAttribute allowed, ..])
        {
            schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!))]; // our names are strings
        }

        return Task.CompletedTask;
    }
}
