using System.Collections.Immutable;
using MdmOrleans.Abstractions.Clocks;
using MdmOrleans.Core.Clocks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace MdmOrleans.Grains.Clocks;

/// <summary>The clock of each silo.</summary>
[GrainInterfaceType("mdm.clock")]
public interface IClockService : IGrainService
{
    [Alias("Confirm"), ResponseTimeout("00:00:05")]
    Task<ClockReading> ConfirmAsync(string actor);
}

internal sealed partial class ClockService(GrainId id, Silo silo, ILoggerFactory loggers, IClockGuard clock, ILogger<ClockService> logger)
    : GrainService(id, silo, loggers), IClockService
{
    public Task<ClockReading> ConfirmAsync(string actor)
    {
        clock.Confirm();
        LogConfirmed(actor);
        return Task.FromResult(clock.Read());
    }

    [LoggerMessage(1604, LogLevel.Warning, "{Actor} has confirmed the clock of this server")]
    private partial void LogConfirmed(string actor);
}

/// <summary>Reaches the clocks of all silos.</summary>
internal sealed partial class ClockServices(IServiceProvider services, ISiloStatusOracle silos, ILogger<ClockServices> logger)
    : GrainServiceClient<IClockService>(services)
{
    public async Task<ImmutableArray<ServerClock>> ConfirmAsync(string actor)
    {
        var clocks = await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().Select(silo => ConfirmAsync(silo, actor)));
        return [.. clocks.OfType<ServerClock>()];
    }

    private async Task<ServerClock?> ConfirmAsync(SiloAddress silo, string actor)
    {
        try
        {
            return new ServerClock(silo, await GetGrainService(silo).ConfirmAsync(actor));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogSilent(e, silo); // it is not in the answer, so whoever asked knows
            return null;
        }
    }

    [LoggerMessage(1605, LogLevel.Warning, "Silo {Silo} did not answer for its clock")]
    private partial void LogSilent(Exception exception, SiloAddress silo);
}

/// <summary>Holds nothing: it asks the silos.</summary>
[StatelessWorker]
[GrainType("mdm.clocks")]
internal sealed class ServerClocksGrain(ClockServices clocks) : Grain, IServerClocks
{
    public Task<ImmutableArray<ServerClock>> ConfirmAsync(string actor, CancellationToken cancellationToken) => clocks.ConfirmAsync(actor);
}
