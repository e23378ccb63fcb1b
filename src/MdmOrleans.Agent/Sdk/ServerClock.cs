namespace MdmOrleans.Agent.Sdk;

/// <summary>The server's time as far as we know it: a device whose own clock is wrong must not run what has expired.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    private long _offsetTicks;

    public DateTimeOffset Now => time.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Observe(DateTimeOffset serverTime) => Interlocked.Exchange(ref _offsetTicks, (serverTime - time.GetUtcNow()).Ticks);
}
