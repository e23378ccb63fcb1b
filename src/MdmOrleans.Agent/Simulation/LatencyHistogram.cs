using System.Numerics;

namespace MdmOrleans.Agent.Simulation;

/// <summary>Counts durations in buckets that are at most 1/16 wide, from a microsecond to hours. Not safe for concurrent use.</summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerDoubling = 16;
    private const int Bits = 4;

    private readonly long[] _counts = new long[64 * StepsPerDoubling];
    private long _total;

    public void Add(TimeSpan duration)
    {
        _counts[BucketOf(Math.Max(0, (long)duration.TotalMicroseconds))]++;
        _total++;
    }

    /// <param name="fraction">0 to 1, e.g. 0.99.</param>
    /// <returns>An upper bound of the duration that this part of the counted ones do not exceed; zero without any.</returns>
    public TimeSpan Percentile(double fraction)
    {
        var wanted = (long)Math.Ceiling(_total * fraction);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length && wanted > 0; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return TimeSpan.FromMicroseconds(UpperBound(bucket));
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long value)
    {
        if (value < StepsPerDoubling)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - Bits;
        return (shift + 1) * StepsPerDoubling + (int)((value >> shift) - StepsPerDoubling);
    }

    private static long UpperBound(int bucket)
    {
        if (bucket < StepsPerDoubling)
        {
            return bucket;
        }

        var shift = bucket / StepsPerDoubling - 1;
        return ((long)(bucket % StepsPerDoubling + StepsPerDoubling + 1) << shift) - 1;
    }
}
