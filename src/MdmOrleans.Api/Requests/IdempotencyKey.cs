using System.Diagnostics.CodeAnalysis;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Requests;

/// <summary>The header that makes asking twice the same as asking once.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 128;

    /// <param name="key">Null where there is none.</param>
    public static bool TryRead(HttpRequest request, out string? key, [NotNullWhen(false)] out Problem? problem)
    {
        var values = request.Headers["Idempotency-Key"];
        key = values.Count == 0 ? null : values.ToString();
        problem = key is null || (values.Count == 1 && key.Length is >= 1 and <= MaxLength && key.All(c => c is > ' ' and <= '~'))
            ? null
            : ApiProblems.InvalidHeader($"Idempotency-Key must be given once, with 1 to {MaxLength} visible ASCII characters.");
        return problem is null;
    }
}
