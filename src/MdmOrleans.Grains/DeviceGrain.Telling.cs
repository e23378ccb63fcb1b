using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Grains;

/// <summary>Hints to whoever holds the connection; what counts is stored already.</summary>
public sealed partial class DeviceGrain
{
    // False until this activation has seen a connection itself: the stored session is as old as the last write.
    private bool _isSessionCertain;

    private DeviceSession? _found;
    private int _connects;

    private void TellGateway(Device before, Device after)
    {
        var reason = ReasonToClose(before, after);
        var commands = reason is null && !ReferenceEquals(before.Commands, after.Commands) ? NewlyOffered(before, after) : [];
        if (reason is null && commands.IsEmpty)
        {
            return;
        }

        if (!_isSessionCertain)
        {
            TellWhoeverHasItAsync(reason, commands).Ignore(); // nobody waits for a hint
        }
        else if (before.Session is { } session)
        {
            Tell(session, reason, commands);
        }
    }

    private void Tell(DeviceSession session, CloseReason? reason, ImmutableArray<DeviceCommand> commands)
    {
        if (reason is { } close)
        {
            gateways.Close(_id, session, close);
            return;
        }

        foreach (var command in commands)
        {
            gateways.Push(_id, session, command);
        }
    }

    /// <summary>After a twin has moved to another silo its connection is where it was: the gateways know.</summary>
    private async Task TellWhoeverHasItAsync(CloseReason? reason, ImmutableArray<DeviceCommand> commands)
    {
        var connects = _connects;
        var sessions = await gateways.FindAsync(_id);
        if (sessions.MaxBy(found => found.Epoch) is not { } session || connects != _connects)
        {
            return; // whoever has connected meanwhile was offered everything, and is not who was meant to be closed
        }

        if (!_isSessionCertain)
        {
            (_found, _isSessionCertain) = (session, true);
            _device = _device is { } device ? WithNewest(device) : null;
        }

        Tell(session, reason, commands);
    }

    /// <summary>A connection whose credential does not count any more, and which was not reached when that was decided.</summary>
    private Problem? CloseOutdated(SessionEpoch? session, int? epoch, Problem? problem)
    {
        if (problem is null && epoch < _device?.Epoch && _device.Session is { } current && current.Epoch.Connection == session?.Connection)
        {
            gateways.Close(_id, current, CloseReason.Revoked);
        }

        return problem;
    }

    private Device WithNewest(Device device) =>
        _found is { } found && (device.Session is not { Gateway: not null } known || found.Epoch > known.Epoch) ? device with { Session = found } : device;

    private static CloseReason? ReasonToClose(Device before, Device after) => (after.Lifecycle, after.QuarantineReasons) switch
    {
        (LifecycleState.Retired, _) when after.Commands.Pending.IsEmpty => CloseReason.Retired, // nothing is left to report
        (_, var reasons) when IsNew(QuarantineReasons.Wiped, before, reasons) => CloseReason.Retired,
        (_, var reasons) when IsNew(QuarantineReasons.IdentityRevoked, before, reasons) => CloseReason.Revoked,
        _ when before.Epoch != after.Epoch => CloseReason.Revoked,
        _ => null,
    };

    private static bool IsNew(QuarantineReasons reason, Device before, QuarantineReasons after) =>
        after.HasFlag(reason) && !before.QuarantineReasons.HasFlag(reason);

    /// <summary>What may be offered now and could not be before: queued, released, no longer postponed, or its window is open.</summary>
    private ImmutableArray<DeviceCommand> NewlyOffered(Device before, Device after)
    {
        var now = time.GetInstant();
        var commands = ImmutableArray.CreateBuilder<DeviceCommand>();
        foreach (var command in after.Commands.Pending)
        {
            if (command.Status != CommandStatus.Sent && CommandRules.IsOffered(command, now) && !before.Commands.Pending.Contains(command))
            {
                commands.Add(command);
            }
        }

        return commands.DrainToImmutable();
    }
}
