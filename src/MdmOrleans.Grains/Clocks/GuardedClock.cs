using MdmOrleans.Core.Clocks;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Clocks;

/// <summary>The time by which a server works. It follows the system's clock as long as that is believed, and never jumps with it.</summary>
/// <remarks>
/// While the clock is in doubt, time goes on from the last certain instant by a clock that cannot be set. So nothing that is stored
/// meanwhile carries a wrong instant, and nothing falls due because of one.
/// </remarks>
public sealed partial class GuardedClock : TimeProvider, IClockGuard
{
    // Between two readings that belong together the process may have been stopped.
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _system;
    private readonly IBootClock _boot;
    private volatile Anchor _anchor;
    private TimeSpan? _databaseAhead;
    private TimeSpan? _accepted;

    public GuardedClock(TimeProvider system, IBootClock boot, ILogger<GuardedClock> logger)
    {
        (_system, _boot, _logger) = (system, boot, logger);
        var sample = Sample();
        _anchor = new Anchor(sample.System, sample.Timestamp, sample.Boot, null);
    }

    public bool IsSuspended => _anchor.Doubt is not null;

    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    public override long TimestampFrequency => _system.TimestampFrequency;

    public override long GetTimestamp() => _system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _system.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = _anchor;
        var steady = anchor.At + _system.GetElapsedTime(anchor.Timestamp);
        if (anchor.Doubt is not null)
        {
            return steady;
        }

        var now = _system.GetUtcNow();
        return ClockRules.Agree(now, steady) ? now : Examine().Trusted;
    }

    /// <summary>Where a server has just started: nothing tells how long it was down but what is stored.</summary>
    /// <param name="databaseAhead">How far the database server's clock is ahead of the system's; null where it has none of its own.</param>
    /// <param name="mark">The latest instant that was stored as certain.</param>
    public void Begin(TimeSpan? databaseAhead, DateTimeOffset? mark)
    {
        lock (_lock)
        {
            var (system, timestamp, boot) = Sample();
            _databaseAhead = databaseAhead;
            _anchor = new Anchor(ClockRules.StartAt(system, system + databaseAhead, mark), timestamp, boot, null);
            Examine();
        }
    }

    /// <summary>The difference of the two clocks, as it was measured just now.</summary>
    public void Compare(TimeSpan? databaseAhead)
    {
        lock (_lock)
        {
            _databaseAhead = databaseAhead;
            Examine();
        }
    }

    public ClockReading Read() => Examine();

    public void Confirm()
    {
        lock (_lock)
        {
            var (system, timestamp, boot) = Sample();
            _accepted = _databaseAhead;
            _anchor = new Anchor(system, timestamp, boot, _anchor.Doubt);
            Examine();
        }
    }

    /// <summary>Looks whether the clock is to be believed, and goes on from here.</summary>
    private ClockReading Examine()
    {
        lock (_lock)
        {
            var before = _anchor;
            var (system, timestamp, boot) = Sample();
            var steady = before.At + (boot - before.Boot); // a machine that sleeps is not a clock that jumps
            var doubt = ClockRules.Doubt(system, steady, _databaseAhead, _accepted);
            _anchor = new Anchor(doubt is null ? system : steady, timestamp, boot, doubt);
            if (doubt is not null && before.Doubt is null)
            {
                LogDoubted(doubt);
            }
            else if (doubt is null && before.Doubt is not null)
            {
                LogBelieved();
            }

            return new ClockReading(system, _anchor.At, doubt);
        }
    }

    private (DateTimeOffset System, long Timestamp, TimeSpan Boot) Sample()
    {
        while (true)
        {
            var begun = _system.GetTimestamp();
            var sample = (_system.GetUtcNow(), _system.GetTimestamp(), _boot.Elapsed);
            if (_system.GetElapsedTime(begun) < LongestReading)
            {
                return sample;
            }
        }
    }

    /// <param name="At">The time at that moment.</param>
    /// <param name="Timestamp">The same moment by the clock of durations.</param>
    /// <param name="Boot">The same moment by the clock that counts from the boot of the machine.</param>
    /// <param name="Doubt">Why the system's clock is not believed.</param>
    private sealed record Anchor(DateTimeOffset At, long Timestamp, TimeSpan Boot, string? Doubt);
}
