using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Brings forward the next evaluation of a tenant's devices, page by page, spread so that no more than a given number a second are due.</summary>
/// <remarks>
/// The database keeps what is left to do: the devices that are due. Where this ends halfway, beginning again does no harm.
/// It goes twice for a policy: a device that was being written during the first time may have put its own instant back. Where
/// everything is judged again nobody could tell those from the rest, and they wait for their daily evaluation.
/// </remarks>
internal sealed class FleetRollout(IDueDevices due, IGrainFactory grains, TimeProvider time, TenantId tenant, PolicyVersion? policy, TimeSpan window)
{
    private const int PageSize = 500;
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(20); // somebody else wants the disk, too
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1); // each is 256 pages to read
    private readonly int _passes = policy is null ? 1 : 2;
    private DateTimeOffset _from = time.GetInstant();
    private string? _last;
    private int _pass;
    private bool _isUnseen;
    private DateTimeOffset _lookedAt;

    /// <returns>When the next step is to be taken; null when all is done.</returns>
    public async Task<DateTimeOffset?> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _from && _from - now <= window + Slack)
        {
            return _from;
        }

        if (now < _from)
        {
            _from = time.GetInstant(); // the clock was set back
        }

        var haste = new Haste(tenant, policy, _from, _from + window);
        var step = await due.HastenAsync(haste, _last, PageSize, cancellationToken);
        _last = step.Last;
        _isUnseen |= step.Moved > 0;
        HaveShardsLook(isLast: _last is null);
        if (_last is not null)
        {
            return time.GetUtcNow() + BetweenPages;
        }

        _from = haste.Until + Slack;
        return ++_pass < _passes ? _from : null;
    }

    // They look twice in a horizon by themselves: too late for who is due now.
    private void HaveShardsLook(bool isLast)
    {
        var now = time.GetUtcNow();
        if (!_isUnseen || (!isLast && now - _lookedAt < BetweenLooks))
        {
            return;
        }

        (_isUnseen, _lookedAt) = (false, now);
        for (var shard = 0; shard < DeadlineShards.Count; shard++)
        {
            grains.GetGrain<IDeadlineShard>(shard).LookAsync().Ignore(); // one-way: the task says nothing about the other side
        }
    }
}
