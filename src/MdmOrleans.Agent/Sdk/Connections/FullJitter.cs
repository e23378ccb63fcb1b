namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>
/// How long to wait after a failure: anything from nothing to a bound that doubles, so that a fleet that fell together rises apart.
/// </summary>
internal sealed class FullJitter(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        var bound = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, _failures));
        if (bound < longest.Ticks)
        {
            _failures++;
        }

        return TimeSpan.FromTicks((long)(bound * random.NextDouble()));
    }

    public void Reset() => _failures = 0;
}
