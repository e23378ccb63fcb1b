namespace MdmOrleans.Benchmarks.Load;

/// <summary>Full jitter: anywhere between nothing and a bound that doubles with every failure.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="failures">In a row, this one included.</param>
    public static TimeSpan Next(int failures)
    {
        var bound = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 16)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound);
    }
}
