using System.Collections.Immutable;
using MdmOrleans.Abstractions;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Api.Devices;

internal static class DeviceReads
{
    /// <summary>The twin as of now: what is overdue is acted on first, so that no reader sees a grace that has ended.</summary>
    public static async Task<Outcome<Device>> CurrentAsync(
        this IGrainFactory grains, DeviceId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var twin = grains.GetGrain<IDeviceTwin>(id.ToString());
        return await twin.ReadAsync(cancellationToken) switch
        {
            null => ProblemCatalog.DeviceNotFound,
            { NextDueAt: { } due } when due <= now => await twin.EvaluateAsync(cancellationToken),
            var device => device,
        };
    }

    /// <summary>Whether each is held by a live gateway, in the order given.</summary>
    public static Task<ImmutableArray<bool>> AreConnectedAsync(this ISessionDirectory sessions, ImmutableArray<Device> devices) => devices.IsEmpty
        ? Task.FromResult(ImmutableArray<bool>.Empty)
        : sessions.AreConnectedAsync([.. devices.Select(device => device.Id)]);

    public static async Task<bool> IsConnectedAsync(this ISessionDirectory sessions, Device device) => (await sessions.AreConnectedAsync([device.Id]))[0];
}
