using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MdmOrleans.Api.Requests;

/// <summary>The version of a resource as a strong entity tag, and the conditions that callers put on it.</summary>
internal static class ETags
{
    public static void Write(HttpResponse response, long version) =>
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static bool AreAsked(HttpRequest request) => request.Headers.IfMatch.Count > 0 || request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Turns If-Match and If-None-Match into the one version that may be replaced.</summary>
    /// <param name="current">The version as it is; null when there is no such resource.</param>
    /// <param name="expected">0: it must not exist yet; null: any. Whoever writes checks it once more, so that nothing slips in between.</param>
    /// <returns>False, when the request must not go on.</returns>
    public static bool TryResolve(HttpRequest request, long? current, out long? expected, [NotNullWhen(false)] out Problem? problem)
    {
        expected = null;
        problem = null;
        if (request.Headers.IfNoneMatch.Count > 0)
        {
            problem = Match(request.Headers.IfNoneMatch, current) switch
            {
                null => NotTags("If-None-Match"),
                true => ApiProblems.Stale,
                false => null,
            };
            expected = current ?? 0;
        }

        if (problem is null && request.Headers.IfMatch.Count > 0)
        {
            problem = Match(request.Headers.IfMatch, current) switch
            {
                null => NotTags("If-Match"),
                false => ApiProblems.Stale,
                true => null,
            };
            expected = current;
        }

        return problem is null;
    }

    private static Problem NotTags(string header) =>
        ApiProblems.InvalidHeader($"{header} is not a list of entity tags. Quote the version: {header}: \"1\".");

    /// <returns>Null when the header cannot be read.</returns>
    private static bool? Match(StringValues header, long? current)
    {
        if (!EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags))
        {
            return null;
        }

        return current is { } version && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || IsVersion(tag, version));
    }

    private static bool IsVersion(EntityTagHeaderValue tag, long version) =>
        !tag.IsWeak && tag.Tag.AsSpan().Trim('"').SequenceEqual(version.ToString(CultureInfo.InvariantCulture));
}
