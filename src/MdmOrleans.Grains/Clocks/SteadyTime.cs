namespace MdmOrleans.Grains.Clocks;

/// <summary>A time that never steps: that of another clock when it began, and what has passed since.</summary>
/// <remarks>
/// For the runtime's own work. It plans by the time of day what it means as a duration, e.g. when to collect an idle activation, and
/// after a step back would refuse to activate anything until the clock has caught up.
/// </remarks>
public sealed class SteadyTime(TimeProvider clock) : TimeProvider
{
    private readonly long _begunAt = clock.GetTimestamp();
    private readonly DateTimeOffset _begun = clock.GetUtcNow();

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _begun + clock.GetElapsedTime(_begunAt);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
