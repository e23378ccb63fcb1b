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

    public async Task<ImmutableArray<bool>> AreAliveAsync(SiloAddress gateway, ImmutableArray<SessionKey> sessions)
    {
        if (silos.IsDeadSilo(gateway) || !silos.GetApproximateSiloStatuses(onlyActive: true).ContainsKey(gateway))
        {
            return [.. sessions.Select(_ => false)];
        }

        try
        {
            return await GetGrainService(gateway).AreAliveAsync(sessions);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogSilent(e, gateway);
            return [.. sessions.Select(_ => false)];
        }
    }

    public async Task<DeviceSession?> FindAsync(DeviceId device)
    {
        DeviceSession? newest = null;
        foreach (var found in await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => FindAsync(silo, device))))
        {
            newest = newest is null || found?.Epoch > newest.Epoch ? found : newest;
        }

        return newest;
    }

    public async Task<long> CountAsync(TenantId tenant)
    {
        var counts = await Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => CountAsync(silo, tenant)));
        return counts.Sum();
    }

    private async Task<DeviceSession?> FindAsync(SiloAddress silo, DeviceId device)
    {
        try
        {
            return await GetGrainService(silo).FindAsync(device) is { } epoch ? new DeviceSession(epoch, silo.ToParsableString()) : null;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogSilent(e, silo); // a silo without the role 'gateway', or one that is going away
            return null;
        }
    }

    private async Task<long> CountAsync(SiloAddress silo, TenantId tenant)
    {
        try
        {
            return await GetGrainService(silo).CountAsync(tenant);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogSilent(e, silo); // a silo without the role 'gateway', or one that is going away
            return 0;
        }
    }

    private IGatewayService? Find(DeviceSession session)
    {
        var silo = SiloAddress.FromParsableString(session.Gateway);
        return silos.GetApproximateSiloStatus(silo) == SiloStatus.Active ? GetGrainService(silo) : null;
    }

    [LoggerMessage(1201, LogLevel.Debug, "Silo {Silo} did not answer for its sessions")]
    private partial void LogSilent(Exception exception, SiloAddress silo);
}
