using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MdmOrleans.Api.Bodies;

/// <summary>The bytes of a body whose signature is the sender's identity. They are not looked at: that is for whoever proves the signature.</summary>
/// <typeparam name="T">Only describes it.</typeparam>
internal sealed class SignedBody<T> : IBindableFromHttpContext<SignedBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const int Limit = 64 * 1024;

    private readonly byte[]? _bytes;

    private SignedBody(byte[]? bytes) => _bytes = bytes;

    public static async ValueTask<SignedBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await BodyReader.ReadBytesAsync(context.Request, Limit));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(MediaTypes.Json, typeof(T)));

    public bool TryGet(out Utf8Block bytes, [NotNullWhen(false)] out Problem? problem)
    {
        bytes = new Utf8Block(_bytes ?? []);
        problem = _bytes is null ? ApiProblems.TooLarge(Limit) : null;
        return problem is null;
    }
}
