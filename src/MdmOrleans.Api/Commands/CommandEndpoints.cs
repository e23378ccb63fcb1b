using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Commands;

internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder device)
    {
        var commands = device.MapGroup("/commands").WithTags("Commands");
        commands.MapPost("", QueueAsync).WithName("QueueCommand").RequireAuthorization(Authorization.Operates).TakesQuery().TakesIdempotencyKey();
        commands.MapGet("", ListAsync).WithName("ListCommands").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");
        commands.MapGet("/{id}", GetAsync).WithName("GetCommand").RequireAuthorization(Authorization.Reads).TakesQuery();
        commands.MapDelete("/{id}", CancelAsync).WithName("CancelCommand").RequireAuthorization(Authorization.Operates).TakesQuery();
    }

    /// <summary>Queues a command</summary>
    /// <remarks>
    /// 202: it is stored, and goes to the device as soon as that is connected. 200: it was there already, under the same
    /// <c>Idempotency-Key</c>, or pending with the same content where the kind is not worth asking for twice.
    /// </remarks>
    internal static async Task<Results<Accepted<CommandBody>, Ok<CommandBody>, ProblemResult>> QueueAsync(
        DeviceScope scope, JsonBody<QueueCommandRequest> body, Caller caller, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem) || !IdempotencyKey.TryRead(http, out var key, out problem))
        {
            return problem.ToHttp();
        }

        var command = request.Read(key, caller.Actor);
        if (command is not { Value: { } valid })
        {
            return command.Problem!.ToHttp(); // exactly one of the two is set
        }

        var outcome = await Grain(grains, scope).EnqueueAsync(valid, cancellationToken);
        if (outcome is not { Value: { } receipt })
        {
            return outcome.Problem!.ToHttp();
        }

        var queued = receipt.Command.ToBody();
        return receipt.WasThere ? TypedResults.Ok(queued) : TypedResults.Accepted($"{scope.Location}/commands/{queued.Id}", queued);
    }

    /// <summary>Lists the commands of a device</summary>
    /// <remarks>The pending ones first, in the order in which they will be offered, then the finished ones, newest first.</remarks>
    internal static async Task<Results<Ok<Page<CommandBody>>, ProblemResult>> ListAsync(
        DeviceScope scope, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => TryReadId(text, out _), "is not the id of a command.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var outcome = await Grain(grains, scope).ListAsync(cancellationToken);
        if (outcome is not { Value: { } queue })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        DeviceCommand[] all = [.. queue.Pending, .. queue.Finished];
        var start = TryReadId(after, out var id) ? Array.FindIndex(all, command => command.Id == id) + 1 : 0;
        if (after is not null && start == 0)
        {
            return ApiProblems.InvalidQuery("'after' names a command that is no longer in this list. Start again without it.").ToHttp();
        }

        CommandBody[] page = [.. all.Skip(start).Take(limit).Select(CommandWire.ToBody)];
        return TypedResults.Ok(new Page<CommandBody>(page, start + page.Length < all.Length ? page[^1].Id.ToString() : null));
    }

    /// <summary>Reads a command</summary>
    /// <remarks>Pending, or among the newest finished ones; what is older is in the history.</remarks>
    internal static async Task<Results<Ok<CommandBody>, ProblemResult>> GetAsync(
        DeviceScope scope, string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!TryReadId(id, out var guid))
        {
            return ProblemCatalog.CommandNotFound.ToHttp();
        }

        var outcome = await Grain(grains, scope).ListAsync(cancellationToken);
        var command = outcome.Value?.Pending.Concat(outcome.Value.Finished).FirstOrDefault(c => c.Id == guid);
        return command is null ? (outcome.Problem ?? ProblemCatalog.CommandNotFound).ToHttp() : TypedResults.Ok(command.ToBody());
    }

    /// <summary>Cancels a command</summary>
    /// <remarks>A conflict once it is final. One that was sent may run all the same, and then says so.</remarks>
    internal static async Task<Results<Ok<CommandBody>, ProblemResult>> CancelAsync(
        DeviceScope scope, string id, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!TryReadId(id, out var guid))
        {
            return ProblemCatalog.CommandNotFound.ToHttp();
        }

        var outcome = await Grain(grains, scope).CancelAsync(guid, caller.Actor, cancellationToken);
        return outcome.Value is { } command ? TypedResults.Ok(command.ToBody()) : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    private static IDeviceCommands Grain(IGrainFactory grains, DeviceScope scope) => grains.GetGrain<IDeviceCommands>(scope.Id.ToString());

    private static bool TryReadId(string? text, out Guid id) => Guid.TryParseExact(text, "D", out id);
}
