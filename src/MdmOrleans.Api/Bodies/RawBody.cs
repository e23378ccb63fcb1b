using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MdmOrleans.Api.Bodies;

/// <summary>A body that is passed on as it came, once it is known to be JSON. <typeparamref name="T"/> only describes it.</summary>
internal sealed class RawBody<T> : IBindableFromHttpContext<RawBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const int Limit = 1024 * 1024;

    private readonly byte[] _json;
    private readonly Problem? _problem;

    private RawBody(byte[] json, Problem? problem) => (_json, _problem) = (json, problem);

    public static async ValueTask<RawBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (json, problem) = await BodyReader.ReadAsync(context.Request, Limit, expected: null);
        return new RawBody<T>(json, problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(MediaTypes.For(typeof(T)), typeof(T)));

    public bool TryGet(out Utf8Block json, [NotNullWhen(false)] out Problem? problem)
    {
        json = new Utf8Block(_json);
        problem = _problem;
        return problem is null;
    }
}
