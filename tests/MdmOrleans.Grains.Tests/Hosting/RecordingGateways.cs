using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Sessions;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Gateways that hold the connections that a test gives them and remember what they were told.</summary>
public sealed class RecordingGateways : IGatewayClient
{
    public ConcurrentQueue<(DeviceId Device, SessionEpoch Session, CloseReason Reason)> Closed { get; } = new();

    public ConcurrentQueue<(DeviceId Device, SessionEpoch Session, Guid Command)> Pushed { get; } = new();

    public void Push(DeviceId device, DeviceSession session, DeviceCommand command) => Pushed.Enqueue((device, session.Epoch, command.Id));

    public void Close(DeviceId device, DeviceSession session, CloseReason reason) => Closed.Enqueue((device, session.Epoch, reason));

    /// <summary>Connections that an earlier activation accepted.</summary>
    public ConcurrentDictionary<DeviceId, DeviceSession> Held { get; } = new();

    public Task<ImmutableArray<DeviceSession>> FindAsync(DeviceId device, SiloAddress? except = null) =>
        Task.FromResult<ImmutableArray<DeviceSession>>(Held.TryGetValue(device, out var held) ? [held] : []);

    public Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices) =>
        Task.FromResult(ImmutableArray.CreateRange(devices, _ => false));

    public Task<long> CountAsync(TenantId tenant) => Task.FromResult(0L);
}
