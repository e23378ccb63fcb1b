using MdmOrleans.Api.Health;

namespace MdmOrleans.Server.Hosting;

/// <summary>Part of the cluster: not while it joins, nor from the moment on in which it begins to leave.</summary>
internal sealed class SiloCheck(ISiloStatusOracle silos) : IReadinessCheck
{
    public string Name => "silo";

    public ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(silos.CurrentStatus == SiloStatus.Active);
}
