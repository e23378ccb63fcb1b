using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Http.Access;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Access;

internal static class AccessEndpoints
{
    /// <summary>How long an answer may be kept when no deadline comes before.</summary>
    private const int MaxAgeSeconds = 60;

    public static void MapAccess(this IEndpointRouteBuilder device) => device.MapGet("/access", GetAsync)
        .WithName("GetAccess").WithTags("Access").RequireAuthorization(Authorization.Reads).TakesQuery();

    /// <summary>Asks whether a device may enter</summary>
    /// <remarks>A device that does not exist is answered, too: it is blocked.</remarks>
    internal static async Task<Results<Ok<AccessBody>, ProblemResult>> GetAsync(
        DeviceScope scope, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        return await grains.CurrentAsync(scope.Id, now, cancellationToken) switch
        {
            { Value: { } device } => TypedResults.Ok(ToBody(device, scope.Tenant, now)),
            { Problem.Kind: ProblemKind.NotFound } => TypedResults.Ok(Unknown(now)),
            var outcome => outcome.Problem!.ToHttp(), // exactly one of the two is set
        };
    }

    private static AccessBody ToBody(Device device, Tenant tenant, DateTimeOffset now) => new()
    {
        Access = device.Access.Level.ToWire(),
        Zone = device.Access.Level == AccessLevel.Quarantine ? tenant.Settings.QuarantineZone : null,
        Reason = device.Access.Reason,
        DecidedAt = device.Access.DecidedAt,
        MaxAgeSeconds = device.NextDueAt is { } due ? (int)Math.Clamp((due - now).TotalSeconds, 0, MaxAgeSeconds) : MaxAgeSeconds,
    };

    private static AccessBody Unknown(DateTimeOffset now) =>
        new() { Access = AccessNames.Block, Reason = "unknownDevice", DecidedAt = now, MaxAgeSeconds = MaxAgeSeconds };
}
