using System.Data.Common;
using System.Net.Sockets;
using MdmOrleans.Contracts.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Problems;

/// <summary>What no handler expected: broken infrastructure is 503, a bug is 500 and is logged with its stack.</summary>
internal sealed partial class UnexpectedFailures(ILogger<UnexpectedFailures> logger) : IExceptionHandler
{
    /// <summary>Whether trying again later may well succeed.</summary>
    /// <remarks>A call that somebody else than the caller canceled was on its way to a silo that is gone.</remarks>
    public static bool IsOutage(Exception exception) =>
        exception is StorageUnavailableException or TimeoutException or OrleansException or OperationCanceledException
            or DbException { IsTransient: true } or SocketException
        || (exception.InnerException is { } inner && IsOutage(inner));

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // nobody reads it; it is for the metrics
            return true;
        }

        await ProblemResult.WriteAsync(httpContext, Explain(httpContext, exception));
        return true;
    }

    private ProblemDocument Explain(HttpContext http, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            return ProblemMapping.ForStatus(bad.StatusCode);
        }

        if (IsOutage(exception))
        {
            LogOutage(exception, http.Request.Method, Route(http));
            return ApiProblems.Unavailable.ToDocument();
        }

        LogBug(exception, http.Request.Method, Route(http));
        return ProblemMapping.ForStatus(StatusCodes.Status500InternalServerError);
    }

    // The pattern, not the path: what a caller wrote into the path may be anything.
    private static string Route(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName ?? http.GetEndpoint()?.DisplayName ?? "no route";
}
