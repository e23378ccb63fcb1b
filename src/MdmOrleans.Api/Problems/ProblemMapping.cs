using System.Diagnostics;
using MdmOrleans.Contracts.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Problems;

/// <summary>The one place where a refusal becomes a status of HTTP.</summary>
internal static class ProblemMapping
{
    public static ProblemResult ToHttp(this Problem problem) => new(problem.ToDocument());

    public static int ToStatus(this ProblemKind kind) => kind switch
    {
        ProblemKind.Invalid => StatusCodes.Status400BadRequest,
        ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
        ProblemKind.NotFound => StatusCodes.Status404NotFound,
        ProblemKind.Conflict => StatusCodes.Status409Conflict,
        ProblemKind.Stale => StatusCodes.Status412PreconditionFailed,
        ProblemKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ProblemKind.Exhausted => StatusCodes.Status429TooManyRequests,
        ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ProblemKind.Gone => StatusCodes.Status410Gone,
        ProblemKind.Unproved => StatusCodes.Status401Unauthorized,
        _ => throw new UnreachableException($"No status for {kind}"),
    };

    public static ProblemDocument ToDocument(this Problem problem) => Document(problem.Kind.ToStatus(), problem.Code, problem.Detail) with
    {
        NotBefore = problem.NotBefore,
        Errors = problem.Errors.IsDefaultOrEmpty
            ? null
            : problem.Errors.GroupBy(e => e.Pointer).ToDictionary(e => e.Key, e => e.Select(error => error.Detail).ToArray()),
    };

    /// <summary>For what the framework refuses with a bare status: no route, no identity, another method, another media type.</summary>
    public static ProblemDocument ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Document(status, "unauthenticated", "Send a valid key: Authorization: Bearer {key}."),
        StatusCodes.Status403Forbidden => Document(status, "forbidden", "The role of this key does not allow this."),
        StatusCodes.Status404NotFound => ApiProblems.NotFound.ToDocument(),
        StatusCodes.Status405MethodNotAllowed => Document(status, "method_not_allowed", "The header Allow lists what this route takes."),
        StatusCodes.Status408RequestTimeout => Document(status, "request_timeout", "The request came too slowly."),
        StatusCodes.Status413PayloadTooLarge => Document(status, "too_large", "The request is too large."),
        StatusCodes.Status415UnsupportedMediaType => Document(status, "unsupported_media_type", "Send JSON in UTF-8: Content-Type: application/json."),
        StatusCodes.Status503ServiceUnavailable => ApiProblems.Unavailable.ToDocument(),
        >= StatusCodes.Status500InternalServerError => Document(status, "internal_error", "Something is broken here; the server's log says what."),
        _ => Document(status, "bad_request", "The request is not one that is understood here."),
    };

    private static ProblemDocument Document(int status, string code, string detail) => ProblemDocument.Of(code, detail) with { Status = status };
}
