using System.Reflection;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core.Identity;
using Orleans.Serialization.Invocation;

namespace MdmOrleans.Grains.Clients;

/// <summary>What a method of a grain interface asks of a client that calls it.</summary>
internal sealed class ClientCallRule
{
    private readonly ParameterInfo[] _parameters;

    private ClientCallRule(KeyRole needs, ParameterInfo[] parameters) => (Needs, _parameters) = (needs, parameters);

    public KeyRole Needs { get; }

    /// <returns>Null: the method is not for clients.</returns>
    public static ClientCallRule? Of(MethodInfo method) =>
        method.GetCustomAttribute<ForClientsAttribute>() is { } forClients ? new ClientCallRule(forClients.Needs, method.GetParameters()) : null;

    /// <summary>Puts the key in every place of the request that says who asks.</summary>
    public void SetCaller(IInvokable request, AccessKey key)
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            // The last one is the token by which the call is canceled, which is no argument of the request.
            if (i >= request.GetArgumentCount())
            {
                return;
            }

            if (_parameters[i].IsDefined(typeof(ActorAttribute)))
            {
                request.SetArgument(i, Actors.Key(key.Name));
            }
            else if (_parameters[i].IsDefined(typeof(KeyNameAttribute)))
            {
                request.SetArgument(i, key.Name);
            }
            else if (request.GetArgument(i) is IActed acted)
            {
                request.SetArgument(i, acted.ActedBy(Actors.Key(key.Name)));
            }
        }
    }
}
