using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MdmOrleans.Grains.Clocks;

/// <summary>Lets the runtime's collector of idle activations go on where the system's clock was set back.</summary>
/// <remarks>
/// The collector reads the system's clock by itself and never plans before the last minute that it has collected: after a clock
/// that steps back by more than the collection age it refuses every new activation until the clock has caught up.
/// </remarks>
internal sealed class SteadyCollection(IActivationWorkingSetObserver inner, TimeSpan quantum) : IActivationWorkingSetObserver
{
    private static readonly string Collector = "Orleans.Runtime.ActivationCollector";

    /// <summary>Around the collector that the silo has registered.</summary>
    public static void Install(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false, ImplementationFactory: { } make } found && found.ServiceType == typeof(IActivationWorkingSetObserver))
            {
                services[i] = ServiceDescriptor.Singleton(provider => Around((IActivationWorkingSetObserver)make(provider), provider));
            }
        }
    }

    public void OnAdded(IActivationWorkingSetMember member)
    {
        try
        {
            inner.OnAdded(member);
        }
        catch (ArgumentException)
        {
            inner.OnDeactivated(member); // it has counted what it then refused
            var now = TimeProvider.System.GetUtcNow().UtcDateTime; // the clock that the collector reads
            NextTicket(inner) = now.AddTicks(-(now.Ticks % quantum.Ticks));
            inner.OnAdded(member);
        }
    }

    public void OnActive(IActivationWorkingSetMember member) => inner.OnActive(member);

    public void OnEvicted(IActivationWorkingSetMember member) => inner.OnEvicted(member);

    public void OnDeactivating(IActivationWorkingSetMember member) => inner.OnDeactivating(member);

    public void OnDeactivated(IActivationWorkingSetMember member) => inner.OnDeactivated(member);

    private static IActivationWorkingSetObserver Around(IActivationWorkingSetObserver observer, IServiceProvider provider) =>
        observer.GetType().FullName == Collector
            ? new SteadyCollection(observer, provider.GetRequiredService<IOptions<GrainCollectionOptions>>().Value.CollectionQuantum)
            : observer;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "nextTicket")]
    private static extern ref DateTime NextTicket([UnsafeAccessorType("Orleans.Runtime.ActivationCollector, Orleans.Runtime")] object collector);
}
