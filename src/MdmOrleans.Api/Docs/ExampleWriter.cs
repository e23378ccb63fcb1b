using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>Gives every body and every answer an example, made of its schema and of what the members are called.</summary>
internal static class ExampleWriter
{
    public static Task ApplyAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []))
        {
            Write(operation.RequestBody?.Content);
            foreach (var answer in operation.Responses?.Values.AsEnumerable() ?? [])
            {
                Write(answer.Content);
            }
        }

        return Task.CompletedTask;
    }

    private static void Write(IDictionary<string, OpenApiMediaType>? content)
    {
        foreach (var (name, media) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (media.Example is null)
            {
                media.Example = ExampleTexts.OfMediaType(name, (media.Schema as OpenApiSchemaReference)?.Reference.Id) ?? (media.Schema is { } schema ? Of(schema, "", []) : null);
            }
        }
    }

    /// <param name="around">The types that the value is inside of: one of them again would go on for ever.</param>
    private static JsonNode? Of(IOpenApiSchema schema, string member, ImmutableList<string> around)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } type })
        {
            if (ExampleTexts.OfType(type) is { } whole)
            {
                return whole;
            }

            around = around.Add(type);
        }

        var choices = schema.OneOf ?? schema.AnyOf ?? [];
        if (choices.FirstOrDefault(choice => choice.Type != JsonSchemaType.Null) is { } chosen)
        {
            return Of(chosen, member, around);
        }

        var kind = (schema.Type ?? 0) & ~JsonSchemaType.Null;
        if (ExampleTexts.OfMember(member, kind) is { } known)
        {
            return known;
        }

        if (schema.Enum?.FirstOrDefault(value => value.GetValueKind() == System.Text.Json.JsonValueKind.String) is { } first && !JsonNullSentinel.IsJsonNullSentinel(first))
        {
            return first.DeepClone();
        }

        return kind switch
        {
            JsonSchemaType.Object => Object(schema, around),
            JsonSchemaType.Array => schema.Items is { } item && !IsInside(item, around) ? new JsonArray(Of(item, member, around)) : new JsonArray(),
            JsonSchemaType.Boolean => true,
            JsonSchemaType.Integer => 1,
            JsonSchemaType.Number => 0.5,
            JsonSchemaType.String => ExampleTexts.OfFormat(schema.Format),
            _ => new JsonObject(),
        };
    }

    private static bool IsInside(IOpenApiSchema schema, ImmutableList<string> around) =>
        schema is OpenApiSchemaReference { Reference.Id: { } type } && around.Contains(type);

    private static JsonObject Object(IOpenApiSchema schema, ImmutableList<string> around)
    {
        var example = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            example[name] = Of(member, name, around);
        }

        if (example.Count == 0 && schema.AdditionalProperties is { } value)
        {
            example["example"] = Of(value, "", around);
        }

        return example;
    }
}
