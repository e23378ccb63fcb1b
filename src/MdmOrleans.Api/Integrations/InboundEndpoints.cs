using MdmOrleans.Abstractions.Integrations;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Integrations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Integrations;

internal static class InboundEndpoints
{
    public const string DeliveryHeader = "X-Mdm-Delivery";
    public const string SignatureHeader = "X-Mdm-Signature";
    private const int MaxDelivery = 128;

    public static void MapInbound(this IEndpointRouteBuilder v1)
    {
        var inbound = v1.MapGroup("/tenants/{tenant}/inbound").WithTags("Integrations");
        inbound.MapPost("/{system}", DeliverAsync).WithName("DeliverWebhook").AllowAnonymous().TakesQuery()
            .WithMetadata(new RequestHeaders([DeliveryHeader, SignatureHeader])); // the signature is the identity
        inbound.MapGet("/{system}", GetAsync).WithName("GetInbound").RequireAuthorization(Authorization.Administers)
            .WithMetadata(new TenantRoute()).TakesQuery();
        inbound.MapPut("/{system}", PutAsync).WithName("PutInbound").RequireAuthorization(Authorization.Administers)
            .WithMetadata(new TenantRoute()).TakesQuery();
    }

    /// <summary>Takes a webhook</summary>
    /// <remarks>
    /// <c>hr</c> provisions a device, <c>itsm</c> says that one is lost, stolen or found, <c>disposal</c> retires one. The signature
    /// must be made with the system's secret within the last five minutes; it is proved before anything in the body is read. The
    /// same delivery again changes nothing and gets the same answer, with <c>duplicate</c>; with another body it is refused.
    /// </remarks>
    internal static async Task<Results<Ok<InboundBody>, ProblemResult>> DeliverAsync(
        string tenant, string system, SignedBody<InboundMessage> body, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (InboundWire.ToSystem(system) is null)
        {
            return ApiProblems.InboundSystemUnknown.ToHttp();
        }

        if (!TenantId.TryParse(tenant, out var id))
        {
            return ProblemCatalog.InboundNotProved.ToHttp();
        }

        var delivery = http.Headers[DeliveryHeader];
        if (delivery is not [{ Length: >= 1 and <= MaxDelivery } name] || !name.All(c => c is > ' ' and <= '~'))
        {
            return ApiProblems.InvalidHeader($"{DeliveryHeader} must be given once, with 1 to {MaxDelivery} visible ASCII characters.").ToHttp();
        }

        if (!body.TryGet(out var bytes, out var problem))
        {
            return problem.ToHttp();
        }

        var signature = http.Headers[SignatureHeader] is [{ } only] ? only : null;
        var outcome = await Grain(grains, id, system).DeliverAsync(new InboundDelivery(name, signature, bytes), cancellationToken);
        return outcome.Value is { } receipt
            ? TypedResults.Ok(receipt.ToBody(name))
            : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    /// <summary>Reads how a system's webhooks are taken</summary>
    internal static async Task<Results<Ok<InboundSettingsBody>, ProblemResult>> GetAsync(
        TenantScope scope, string system, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (InboundWire.ToSystem(system) is null)
        {
            return ApiProblems.InboundSystemUnknown.ToHttp();
        }

        var settings = await Grain(grains, scope.Id, system).ReadAsync(cancellationToken);
        return settings is null ? ApiProblems.NotFound.ToHttp() : TypedResults.Ok(settings.ToBody(system));
    }

    /// <summary>Sets up how a system's webhooks are taken</summary>
    /// <remarks>
    /// The first time, and where <c>newSecret</c> asks for it, the answer holds the secret, which is shown nowhere else. What comes
    /// signed with it counts as asked by the key that set it.
    /// </remarks>
    internal static async Task<Results<Ok<InboundSettingsBody>, ProblemResult>> PutAsync(
        TenantScope scope, string system, JsonBody<InboundSettingsRequest> body, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        if (InboundWire.ToSystem(system) is not { } known)
        {
            return ApiProblems.InboundSystemUnknown.ToHttp();
        }

        if (request.Read(known, out var settings) is { IsEmpty: false } errors)
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        var grain = Grain(grains, scope.Id, system);
        var secret = request.NewSecret == true || await grain.ReadAsync(cancellationToken) is null ? Secrets.NewWebhookSecret() : null;
        await grain.ConfigureAsync(settings, secret, caller.Actor, cancellationToken);
        return TypedResults.Ok(settings.ToBody(system) with { Secret = secret });
    }

    private static IInboundGrain Grain(IGrainFactory grains, TenantId tenant, string system) => grains.GetGrain<IInboundGrain>($"{tenant}/{system}");
}
