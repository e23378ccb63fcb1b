using System.Reflection;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Integration.Tests.Architecture;

public sealed class ClientContractTests
{
    private static readonly string[] Callers = ["actor", "key", "requestedBy"];

    private static IEnumerable<MethodInfo> Methods => typeof(IDeviceTwin).Assembly.GetTypes()
        .Where(type => type.IsInterface)
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(ForClientsAttribute)));

    [Fact]
    public void Whoever_a_client_says_it_is_is_replaced_in_every_method_that_clients_call()
    {
        var unmarked = Methods.SelectMany(method => method.GetParameters()
            .Where(parameter => Callers.Contains(parameter.Name) && parameter.ParameterType == typeof(string))
            .Where(parameter => !parameter.IsDefined(typeof(ActorAttribute)) && !parameter.IsDefined(typeof(KeyNameAttribute)))
            .Select(parameter => $"{method.DeclaringType!.Name}.{method.Name}({parameter.Name})"));

        Assert.Empty(unmarked);
    }

    [Fact]
    public void Every_request_of_a_client_that_names_an_actor_can_be_given_another()
    {
        var deaf = Methods.SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => type.GetProperties().Any(property => property.Name is "Actor" or "RequestedBy" or "Command"))
            .Where(type => !type.IsAssignableTo(typeof(IActed)))
            .Select(type => type.Name);

        Assert.Empty(deaf);
    }

    [Fact]
    public void No_grain_takes_a_key_from_a_client() =>
        Assert.DoesNotContain(Methods.SelectMany(method => method.GetParameters()), parameter => parameter.ParameterType == typeof(AccessKey));
}
