using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Operations;

internal static class OperationEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder tenant)
    {
        tenant.MapPost("/commands", StartAsync).WithName("StartOperation").WithTags("Operations").RequireAuthorization(Authorization.Operates)
            .TakesQuery(MassEffects.Confirm).TakesIdempotencyKey();
        var operations = tenant.MapGroup("/operations").WithTags("Operations");
        operations.MapGet("", ListAsync).WithName("ListOperations").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");
        operations.MapGet("/{operation}", GetAsync).WithName("GetOperation").RequireAuthorization(Authorization.Reads).TakesQuery();
        operations.MapPatch("/{operation}", PatchAsync).WithName("AdjustOperation").RequireAuthorization(Authorization.Operates).TakesQuery().TakesIfMatch();
        operations.MapPost("/{operation}/pause", PauseAsync).WithName("PauseOperation").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
        operations.MapPost("/{operation}/resume", ResumeAsync).WithName("ResumeOperation").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
        operations.MapPost("/{operation}/cancel", CancelAsync).WithName("CancelOperation").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
    }

    /// <summary>Queues a command for a part of the fleet</summary>
    /// <remarks>
    /// 202: it is stored, and goes on by itself: it finds the devices, and asks them wave by wave at its rate, each as if it were asked alone.
    /// A wipe or a retirement of more than a tenth of the fleet is 409 <c>mass_effect</c> until it is confirmed.
    /// The same <c>Idempotency-Key</c> is the same operation. 200: of a dry run, what it would reach.
    /// </remarks>
    internal static async Task<Results<Accepted<OperationBody>, Ok<DryRunBody>, ProblemResult>> StartAsync(
        TenantScope scope, JsonBody<BulkCommandRequest> body, Caller caller, HttpContext http, IDeviceQueries queries, IGrainFactory grains,
        MassEffects effects, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem) || !IdempotencyKey.TryRead(http.Request, out var key, out problem))
        {
            return problem.ToHttp();
        }

        var read = request.Read(scope.Id, caller.Actor);
        if (read is not { Value: { } valid })
        {
            return read.Problem!.ToHttp(); // exactly one of the two is set
        }

        if (request.DryRun == true)
        {
            return TypedResults.Ok((await queries.SummarizeAsync(scope.Id, valid.Filter, time.GetInstant(), cancellationToken)).ToDryRun(valid));
        }

        if (valid.Command.Kind.IsGoverned() && await effects.StopAsync(scope.Id, valid.Filter, http, body.Json, cancellationToken) is { } stopped)
        {
            return stopped;
        }

        var outcome = await grains.GetGrain<IOperationDirectory>(scope.Id.ToString()).StartAsync(valid, key, cancellationToken);
        return outcome.Value is { } started
            ? TypedResults.Accepted($"/v1/tenants/{scope.Id}/operations/{started.Id.Value:D}", Tagged(started, http))
            : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    /// <summary>Lists operations</summary>
    /// <remarks>The newest first. At most 1,000 are kept; then the oldest that are settled go.</remarks>
    internal static async Task<Results<Ok<Page<OperationBody>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => OperationId.TryCreate(scope.Id, text, out _), "is not the id of an operation.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var ids = await grains.GetGrain<IOperationDirectory>(scope.Id.ToString()).ListAsync(cancellationToken);
        if (OperationId.TryCreate(scope.Id, after, out var last) && !ids.Contains(last.Value))
        {
            return ProblemCatalog.CursorUnknown.ToHttp();
        }

        var behind = after is null ? ids : ids.Where(id => id < last.Value);
        string[] names = [.. behind.Take(limit + 1).Select(id => id.ToString("D"))];
        var (page, next) = names.Length > limit ? (names[..limit], names[limit - 1]) : (names, null);
        return TypedResults.Ok(await Pages.ReadAsync((page, next), ReadAsync, cancellationToken));

        async Task<OperationBody?> ReadAsync(string name, CancellationToken token) =>
            OperationId.TryCreate(scope.Id, name, out var id) ? (await Grain(grains, id).ReadAsync(token))?.ToBody() : null;
    }

    /// <summary>Reads an operation</summary>
    /// <remarks>How far it has come, a second or two ago.</remarks>
    internal static async Task<Results<Ok<OperationBody>, ProblemResult>> GetAsync(
        TenantScope scope, string operation, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        OperationId.TryCreate(scope.Id, operation, out var id) && await Grain(grains, id).ReadAsync(cancellationToken) is { } found
            ? TypedResults.Ok(Tagged(found, http))
            : ProblemCatalog.OperationNotFound.ToHttp();

    /// <summary>Changes the rate or the bound of an operation</summary>
    /// <remarks>A JSON Merge Patch (RFC 7396). It counts from the next second on.</remarks>
    internal static async Task<Results<Ok<OperationBody>, ProblemResult>> PatchAsync(
        TenantScope scope, string operation, JsonBody<OperationPatch> body, Caller caller, HttpContext http, IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var patch, out var problem))
        {
            return problem.ToHttp();
        }

        var read = patch.Read();
        if (read.Value is not { } change)
        {
            return read.Problem!.ToHttp(); // exactly one of the two is set
        }

        if (ETags.AreAsked(http.Request))
        {
            var current = OperationId.TryCreate(scope.Id, operation, out var id) ? await Grain(grains, id).ReadAsync(cancellationToken) : null;
            if (current is null)
            {
                return ProblemCatalog.OperationNotFound.ToHttp();
            }

            if (!ETags.TryResolve(http.Request, current.Version, out var expected, out problem))
            {
                return problem.ToHttp();
            }

            change = change with { ExpectedVersion = expected };
        }

        return await ChangeAsync(scope, operation, http, grains, grain => grain.AdjustAsync(change, caller.Actor, cancellationToken));
    }

    /// <summary>Pauses an operation</summary>
    /// <remarks>No more devices are asked; what was queued stays.</remarks>
    internal static Task<Results<Ok<OperationBody>, ProblemResult>> PauseAsync(
        TenantScope scope, string operation, Caller caller, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(scope, operation, http, grains, grain => grain.PauseAsync(caller.Actor, cancellationToken));

    /// <summary>Resumes an operation that was paused, or that stopped</summary>
    /// <remarks>The failures until now count no more.</remarks>
    internal static Task<Results<Ok<OperationBody>, ProblemResult>> ResumeAsync(
        TenantScope scope, string operation, Caller caller, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(scope, operation, http, grains, grain => grain.ResumeAsync(caller.Actor, cancellationToken));

    /// <summary>Cancels an operation</summary>
    /// <remarks>No more devices are asked, and what has not been sent is taken back.</remarks>
    internal static Task<Results<Ok<OperationBody>, ProblemResult>> CancelAsync(
        TenantScope scope, string operation, Caller caller, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(scope, operation, http, grains, grain => grain.CancelAsync(caller.Actor, cancellationToken));

    private static async Task<Results<Ok<OperationBody>, ProblemResult>> ChangeAsync(
        TenantScope scope, string operation, HttpContext http, IGrainFactory grains, Func<IOperationGrain, Task<Outcome<Operation>>> change)
    {
        if (!OperationId.TryCreate(scope.Id, operation, out var id))
        {
            return ProblemCatalog.OperationNotFound.ToHttp();
        }

        var outcome = await change(Grain(grains, id));
        return outcome.Value is { } changed ? TypedResults.Ok(Tagged(changed, http)) : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    private static OperationBody Tagged(Operation operation, HttpContext http)
    {
        ETags.Write(http.Response, operation.Version);
        return operation.ToBody();
    }

    private static IOperationGrain Grain(IGrainFactory grains, OperationId id) => grains.GetGrain<IOperationGrain>(id.ToString());
}
