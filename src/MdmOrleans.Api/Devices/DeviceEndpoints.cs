using MdmOrleans.Abstractions;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Devices.Import;
using MdmOrleans.Api.History;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Devices;

internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder tenant)
    {
        var devices = tenant.MapGroup("/devices").WithTags("Devices");
        devices.MapPost("", CreateAsync).WithName("CreateDevice").RequireAuthorization(Authorization.Operates).TakesQuery();
        devices.MapDeviceImport();
        devices.MapGet("", DeviceListEndpoint.ListAsync).WithName("ListDevices").RequireAuthorization(Authorization.Reads)
            .TakesQuery(DeviceListEndpoint.QueryNames);
        devices.MapGet("/{device}", GetAsync).WithName("GetDevice").RequireAuthorization(Authorization.Reads).TakesQuery("at")
            .Produces<TwinBody>(); // the last one counts, and this is the usual one
        devices.MapPatch("/{device}", PatchAsync).WithName("PatchDevice").RequireAuthorization(Authorization.Operates).TakesQuery().TakesIfMatch();
        devices.MapDelete("/{device}", DeleteAsync).WithName("DeleteDevice").RequireAuthorization(Authorization.Operates).TakesQuery().TakesIfMatch();
        devices.MapPost("/{device}/token", IssueTokenAsync).WithName("IssueDeviceToken").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
    }

    /// <summary>Creates a device</summary>
    /// <remarks>
    /// Its <c>deviceToken</c>, with which it connects, is in this answer and nowhere else. Many at once: as <c>application/x-ndjson</c>,
    /// a device a line, or as <c>text/csv</c> with the columns device, platform, serial, policy and label.NAME. Each line is answered
    /// by a line with <c>line</c>, <c>device</c>, and <c>deviceToken</c> or <c>problem</c>, in their order.
    /// </remarks>
    internal static async Task<Results<Created<TwinBody>, ProblemResult>> CreateAsync(
        TenantScope scope, JsonBody<DeviceRequest> body, Caller caller, HttpResponse response, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        var (token, outcome) = await DeviceCreation.CreateAsync(request, scope.Id, caller.Actor, grains, cancellationToken);
        if (outcome is not { Value: { } device })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        ETags.Write(response, device.Version);
        return TypedResults.Created(new DeviceScope(device.Id, scope.Tenant!).Location, device.ToBody(connected: false) with { DeviceToken = token });
    }

    /// <summary>Reads a twin</summary>
    /// <remarks>
    /// What is overdue is acted on first, as of its own instant. With <c>at</c> the answer is what the history tells of a past instant:
    /// <c>notKept</c> names the members that it does not tell.
    /// </remarks>
    internal static async Task<Results<Ok<TwinBody>, Ok<PastTwinBody>, ProblemResult>> GetAsync(
        DeviceScope scope,
        HttpContext http,
        DeviceHistory history,
        ISessionDirectory sessions,
        IGrainFactory grains,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        var at = query.Instant("at");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        if (at is { } instant)
        {
            var past = await history.ReadTwinAsync(scope.Id, instant, cancellationToken);
            return past is { Value: { } twin } ? TypedResults.Ok(twin.ToBody(instant)) : past.Problem!.ToHttp(); // exactly one of the two is set
        }

        var current = await AnswerAsync(await grains.CurrentAsync(scope.Id, time.GetInstant(), cancellationToken), http.Response, sessions);
        return current.Result is Ok<TwinBody> ok ? ok : (ProblemResult)current.Result;
    }

    /// <summary>Changes labels, policy and owner</summary>
    /// <remarks>A JSON Merge Patch (RFC 7396).</remarks>
    internal static async Task<Results<Ok<TwinBody>, ProblemResult>> PatchAsync(
        DeviceScope scope,
        JsonBody<DevicePatch> body,
        Caller caller,
        HttpContext http,
        ISessionDirectory sessions,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        var twin = grains.GetGrain<IDeviceTwin>(scope.Id.ToString());
        var (expected, refusal) = await ExpectAsync(twin, http.Request, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToHttp();
        }

        if (request.Read(caller.Actor, expected, out var patch) is { IsEmpty: false } errors)
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        if (patch.Policy is { } policy && !PolicyId.TryCreate(scope.Id.Tenant, policy, out _))
        {
            return ApiProblems.PolicyUnknown("/policy").ToHttp();
        }

        var outcome = await twin.PatchAsync(patch, cancellationToken);
        outcome = outcome with { Problem = outcome.Problem?.WithPolicyAt("/policy") };
        return await AnswerAsync(outcome, http.Response, sessions);
    }

    /// <summary>Removes a device with its history</summary>
    /// <remarks>Only a retired one. The head of its history stays in the audit trail of its tenant.</remarks>
    internal static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        DeviceScope scope, Caller caller, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var twin = grains.GetGrain<IDeviceTwin>(scope.Id.ToString());
        var (expected, refusal) = await ExpectAsync(twin, request, cancellationToken);
        refusal ??= await twin.DeleteAsync(expected, caller.Actor, cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToHttp();
    }

    /// <summary>Gives a device a new token</summary>
    /// <remarks>A new enrollment epoch begins: the old token is revoked, its session closed, pending commands are canceled.</remarks>
    internal static async Task<Results<Created<DeviceTokenBody>, ProblemResult>> IssueTokenAsync(
        DeviceScope scope, Caller caller, HttpResponse response, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var token = Secrets.NewDeviceToken();
        var outcome = await grains.GetGrain<IDeviceTwin>(scope.Id.ToString()).IssueTokenAsync(SecretHash.Of(token), caller.Actor, cancellationToken);
        if (outcome is not { Value: { } device })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        ETags.Write(response, device.Version);
        return TypedResults.Created(scope.Location, new DeviceTokenBody(token, device.Epoch));
    }

    private static async Task<Results<Ok<TwinBody>, ProblemResult>> AnswerAsync(
        Outcome<Device> outcome, HttpResponse response, ISessionDirectory sessions)
    {
        if (outcome is not { Value: { } device })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        ETags.Write(response, device.Version);
        return TypedResults.Ok(device.ToBody(await sessions.IsConnectedAsync(device)));
    }

    /// <summary>The version that If-Match names; the twin is only asked where there is such a header.</summary>
    private static async Task<(long? Expected, Problem? Refusal)> ExpectAsync(
        IDeviceTwin twin, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!ETags.AreAsked(request))
        {
            return (null, null);
        }

        var current = await twin.ReadAsync(cancellationToken);
        return current is null ? (null, ProblemCatalog.DeviceNotFound)
            : ETags.TryResolve(request, current.Version, out var expected, out var problem) ? (expected, null)
            : (null, problem);
    }
}
