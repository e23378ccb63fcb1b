using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Sessions;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Gateways that hold no connection and remember what they were told.</summary>
public sealed class RecordingGateways : IGatewayClient
{
    public ConcurrentQueue<(DeviceId Device, SessionEpoch Session, CloseReason Reason)> Closed { get; } = new();

    public ConcurrentQueue<(DeviceId Device, SessionEpoch Session, Guid Command)> Pushed { get; } = new();

    public void Push(DeviceId device, DeviceSession session, DeviceCommand command) => Pushed.Enqueue((device, session.Epoch, command.Id));

    public void Close(DeviceId device, DeviceSession session, CloseReason reason) => Closed.Enqueue((device, session.Epoch, reason));

    public Task<DeviceSession?> FindAsync(DeviceId device) => Task.FromResult<DeviceSession?>(null);

    public Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices) =>
        Task.FromResult(ImmutableArray.CreateRange(devices, _ => false));

    public Task<long> CountAsync(TenantId tenant) => Task.FromResult(0L);
}
