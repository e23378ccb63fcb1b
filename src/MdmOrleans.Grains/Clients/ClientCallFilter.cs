using System.Collections.Concurrent;
using System.Reflection;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Clients;

/// <summary>Lets a client from outside the cluster do what the key that it carries may do, and nothing else.</summary>
/// <remarks>
/// On every silo, since a client's call is forwarded from the silo where it is connected to the one that hosts the grain. A call from
/// inside the cluster costs one comparison here: the filter that the dashboard brings has paid for the rest.
/// </remarks>
internal sealed partial class ClientCallFilter(IGrainFactory grains, ILogger<ClientCallFilter> logger) : IIncomingGrainCallFilter
{
    // What a client of Orleans asks for by itself: which grains there are, and to cancel what it asked.
    private static readonly string[] Plumbing =
        ["Orleans.Runtime.IClusterManifestSystemTarget", "Orleans.Runtime.ICancellationSourcesExtension", "Orleans.Runtime.IGrainCallCancellationExtension"];

    private readonly ConcurrentDictionary<MethodInfo, ClientCallRule?> _rules = new();

    public Task Invoke(IIncomingGrainCallContext context) => IsClient(context.SourceId) ? AdmitAsync(context) : context.Invoke();

    // A silo calls in its own name, too, as a client whose key begins so. No connection of a client may, see the guard of those.
    private static bool IsClient(GrainId? source) =>
        source is not { } id || (id.Type.IsClient() && !id.Key.AsSpan().StartsWith("hosted-"u8));

    private async Task AdmitAsync(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        if (Array.IndexOf(Plumbing, method.DeclaringType?.FullName) < 0)
        {
            var secret = RequestContext.Get(ForClientsAttribute.KeyContext) as string;
            RequestContext.Clear(); // neither the secret nor anything else of a client's goes on from here
            await AdmitAsync(context, method, secret);
        }

        await context.Invoke();
    }

    private async Task AdmitAsync(IIncomingGrainCallContext context, MethodInfo method, string? secret)
    {
        if (_rules.GetOrAdd(method, ClientCallRule.Of) is not { } rule)
        {
            throw Refuse(context, "This method is not for clients.");
        }

        if (secret is null || await grains.GetGrain<IKeyRing>(0).FindAsync(SecretHash.Of(secret), CancellationToken.None) is not { } key)
        {
            throw Refuse(context, $"Put the secret of a valid key into the request context, under '{ForClientsAttribute.KeyContext}'.");
        }

        if (!Sees(key, context.TargetId))
        {
            throw Refuse(context, "The key sees no such tenant.");
        }

        if (key.Role < rule.Needs)
        {
            throw Refuse(context, "The role of the key does not allow it.");
        }

        rule.SetCaller(context.Request, key);
    }

    /// <summary>The tenant is the grain's key, or its first part. What belongs to no tenant is for keys that see all of them.</summary>
    private static bool Sees(AccessKey key, GrainId target) =>
        key.Tenants is null || (TenantId.TryParse(target.Key.ToString()?.Split('/')[0], out var tenant) && key.Sees(tenant));

    private UnauthorizedAccessException Refuse(IIncomingGrainCallContext context, string why)
    {
        LogRefused(context.InterfaceName, context.MethodName, why);
        return new UnauthorizedAccessException(why);
    }

    [LoggerMessage(1611, LogLevel.Warning, "A client's call of {Interface}.{Method} was refused: {Reason}")]
    private partial void LogRefused(string @interface, string method, string reason);
}
