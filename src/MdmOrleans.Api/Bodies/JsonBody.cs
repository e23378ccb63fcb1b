using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MdmOrleans.Api.Bodies;

/// <summary>The body of a request, or what is wrong with it.</summary>
internal sealed class JsonBody<T> : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const int Limit = 64 * 1024;

    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)HttpJson.Default.Options.GetTypeInfo(typeof(T));

    private readonly T? _value;
    private readonly Problem? _problem;

    private JsonBody(T? value, Problem? problem, byte[] json) => (_value, _problem, Json) = (value, problem, json);

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (json, problem) = await BodyReader.ReadAsync(context.Request, Limit, Type);
        return problem is null ? new JsonBody<T>(JsonSerializer.Deserialize(json, Type), null, json) : new JsonBody<T>(null, problem, json);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new AcceptsMetadata(MediaTypes.For(typeof(T)), typeof(T)));

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        value = _value;
        problem = value is null ? _problem ?? ApiProblems.Malformed("The body is null.") : null;
        return value is not null;
    }
}

/// <summary>What the routes take; any other Content-Type is 415.</summary>
internal static class MediaTypes
{
    public static readonly string[] Json = ["application/json"];

    public static readonly string[] Patch = ["application/merge-patch+json", "application/json"];

    public static string[] For(Type body) => body.IsDefined(typeof(MergePatchAttribute), inherit: false) ? Patch : Json;
}
