using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace MdmOrleans.Grains.Sessions;

internal sealed partial class GatewayClient(IServiceProvider services, ISiloStatusOracle silos, ILogger<GatewayClient> logger)
    : GrainServiceClient<IGatewayService>(services), IGatewayClient
{
    public void Push(DeviceId device, DeviceSession session, DeviceCommand command)
    {
        if (Find(session) is { } gateway)
        {
            gateway.PushAsync(device, session.Epoch, command).Ignore(); // one-way: the task says nothing about the other side
        }
    }

    public void Close(DeviceId device, DeviceSession session, CloseReason reason)
    {
        if (Find(session) is { } gateway)
        {
            gateway.CloseAsync(device, session.Epoch, reason).Ignore();
        }
    }

    public async Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices)
    {
        var answers = await AskAllAsync((_, gateway) => gateway.AreHeldAsync(devices), ImmutableArray<bool>.Empty);
        return [.. Enumerable.Range(0, devices.Length).Select(i => answers.Any(held => !held.IsEmpty && held[i]))];
    }

    public async Task<ImmutableArray<DeviceSession>> FindAsync(DeviceId device, SiloAddress? except)
    {
        var sessions = await AskAllAsync<DeviceSession?>(
            async (silo, gateway) => await gateway.FindAsync(device) is { } epoch ? new DeviceSession(epoch, silo.ToParsableString()) : null,
            null,
            except);
        return [.. sessions.OfType<DeviceSession>()];
    }

    public async Task<long> CountAsync(TenantId tenant)
    {
        var counts = await AskAllAsync((_, gateway) => gateway.CountAsync(tenant), 0);
        return counts.Sum(count => (long)count);
    }

    private Task<T[]> AskAllAsync<T>(Func<SiloAddress, IGatewayService, Task<T>> question, T nothing, SiloAddress? except = null) =>
        Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys
            .Where(silo => !silo.Equals(except)).Select(silo => AskAsync(silo, question, nothing)));

    private async Task<T> AskAsync<T>(SiloAddress silo, Func<SiloAddress, IGatewayService, Task<T>> question, T nothing)
    {
        try
        {
            return await question(silo, GetGrainService(silo));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogSilent(e, silo); // a silo without the role 'gateway', or one that is going away
            return nothing;
        }
    }

    private IGatewayService? Find(DeviceSession session)
    {
        if (session.Gateway is null)
        {
            return null;
        }

        var silo = SiloAddress.FromParsableString(session.Gateway);
        return silos.GetApproximateSiloStatus(silo) == SiloStatus.Active ? GetGrainService(silo) : null;
    }

    [LoggerMessage(1201, LogLevel.Debug, "Silo {Silo} did not say which sessions it holds")]
    private partial void LogSilent(Exception exception, SiloAddress silo);
}
