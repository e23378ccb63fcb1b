using MdmOrleans.Core;
using Microsoft.Extensions.Hosting;

namespace MdmOrleans.Api.Health;

internal sealed class StorageCheck(IStorageHealth storage) : IReadinessCheck
{
    public string Name => "storage";

    public ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken) => storage.TakesWritesAsync(cancellationToken);
}

/// <summary>Started, and not yet stopping: from SIGTERM on, nobody new is to be sent here.</summary>
internal sealed class LifetimeCheck(IHostApplicationLifetime lifetime) : IReadinessCheck
{
    public string Name => "process";

    public ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested);
}
