using MdmOrleans.Grains.Clocks;

namespace MdmOrleans.Grains.Tests.Clocks;

/// <summary>A system's clock that somebody sets: durations and timers go on as if nothing had happened.</summary>
internal sealed class SteppedTime(TimeProvider inner) : TimeProvider, IBootClock
{
    private readonly DateTimeOffset _bootedAt = inner.GetUtcNow();
    private TimeSpan _offset;
    private TimeSpan _slept;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public TimeSpan Elapsed => inner.GetUtcNow() - _bootedAt + _slept;

    /// <summary>The clock is set ahead, or back.</summary>
    public void Step(TimeSpan by) => _offset += by;

    /// <summary>The machine sleeps: only the clocks that count from its boot go on.</summary>
    public void Sleep(TimeSpan time)
    {
        _offset += time;
        _slept += time;
    }

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + _offset;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
