using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.Identity;

/// <summary>A client from outside the cluster may call this method, with a key of at least this role that sees the tenant. No other method.</summary>
/// <remarks>The client carries the secret of its key in its request context: <c>RequestContext.Set(ForClientsAttribute.KeyContext, secret)</c>.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForClientsAttribute(KeyRole needs) : Attribute
{
    /// <summary>Where the request context has the secret of the key.</summary>
    public const string KeyContext = "mdm.key";

    public KeyRole Needs => needs;
}

/// <summary>The parameter is the actor: from a client it is always that of its own key, whatever it passes.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActorAttribute : Attribute;

/// <summary>The parameter is the name of the key that asks: from a client it is always that of its own key, whatever it passes.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class KeyNameAttribute : Attribute;
