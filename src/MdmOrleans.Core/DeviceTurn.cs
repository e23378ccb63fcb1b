using System.Collections.Immutable;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core;

/// <summary>The twin while one input is worked through: what it has become so far, and what there is to remember of it.</summary>
/// <remarks>Lives inside one call of a rule and is never shared; what comes out is the immutable <see cref="Decision"/>.</remarks>
internal sealed class DeviceTurn(Device device, DateTimeOffset now)
{
    private static readonly Utf8Block NoDetail = new("{}"u8.ToArray());
    private readonly long _version = device.Version;
    private ImmutableArray<DeviceEvent>.Builder? _events;
    private bool _mustStore;

    /// <summary>Set it freely; call <see cref="Store"/> where a change has to survive.</summary>
    public Device Device { get; set; } = device;

    public DateTimeOffset Now { get; } = now;

    public void Store(Device changed)
    {
        Device = changed;
        _mustStore = true;
    }

    /// <param name="at">When it took effect; not later than <see cref="Now"/>.</param>
    public void Record(
        string kind, DateTimeOffset at, string actor, string? reason = null, string? from = null, string? to = null, Utf8Block detail = default)
    {
        var recordedAt = Device.Chain.RecordedAt is { } last && last > Now ? last : Now; // a clock that was set back must not tear the order
        var entry = EventChain.Seal(Device.Id, Device.Chain, new DeviceEvent
        {
            Number = Device.Chain.Number + 1,
            At = at < Now ? at : Now,
            RecordedAt = recordedAt,
            Kind = kind,
            Actor = actor,
            Reason = reason,
            From = from,
            To = to,
            Policy = Device.Compliance.Policy,
            Epoch = Device.Epoch,
            Detail = detail.IsAbsent ? NoDetail : detail,
            Hash = default,
        });
        (_events ??= ImmutableArray.CreateBuilder<DeviceEvent>(2)).Add(entry);
        Store(Device with { Chain = new EventChain(entry.Number, entry.Hash) { RecordedAt = recordedAt } });
    }

    public Decision Decide() => _mustStore
        ? new Decision(Device with { Version = _version + 1 }, _events?.DrainToImmutable() ?? [], true)
        : Decision.Unchanged(Device);
}
