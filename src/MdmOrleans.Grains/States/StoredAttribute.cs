using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.States;

/// <summary>Injects a <see cref="StoredState{T}"/> that is kept under this name.</summary>
/// <param name="name">Never changed after its release: stored rows are found by it.</param>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class StoredAttribute(string name) : Attribute, IFacetMetadata, IPersistentStateConfiguration
{
    public string StateName { get; } = name;

    public string StorageName => GrainStorageNames.Default;
}

/// <summary>Makes the states that <see cref="StoredAttribute"/> asks for, on the provider's own persistent state.</summary>
internal sealed class StoredAttributeMapper : IAttributeToFactoryMapper<StoredAttribute>
{
    private static readonly MethodInfo Generic = typeof(StoredAttributeMapper).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!; // it is below

    public Factory<IGrainContext, object> GetFactory(ParameterInfo parameter, StoredAttribute metadata)
    {
        var create = Generic.MakeGenericMethod(parameter.ParameterType.GetGenericArguments())
            .CreateDelegate<Func<IGrainContext, IPersistentStateConfiguration, object>>();
        return context => create(context, metadata);
    }

    private static StoredState<T> Create<T>(IGrainContext context, IPersistentStateConfiguration configuration)
        where T : class, new() =>
        new StoredState<T>(context.ActivationServices.GetRequiredService<IPersistentStateFactory>().Create<T>(context, configuration), context);
}
