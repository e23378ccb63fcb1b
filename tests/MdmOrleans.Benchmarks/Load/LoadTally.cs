using System.Diagnostics;
using HdrHistogram;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>What one loop counted. Written by its thread; the counters may be read by another while it runs, the rest afterwards.</summary>
internal sealed class LoadTally
{
    private const long LongestMicroseconds = 600_000_000;
    private const int SignificantDigits = 3;

    private long _done;
    private long _acknowledged;
    private long _connected;

    /// <summary>Check-ins, or connects in the mode that only connects, since the start.</summary>
    public long Done => Volatile.Read(ref _done);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Connected now.</summary>
    public long Connected => Volatile.Read(ref _connected);

    /// <summary>Of those done, how many within the window.</summary>
    public long Completed { get; private set; }

    /// <summary>Within the window.</summary>
    public LongHistogram Latencies { get; } = new(LongestMicroseconds, SignificantDigits);

    /// <summary>Since the start, not only within the window.</summary>
    public Dictionary<string, long> Errors { get; } = [];

    public void AddAcknowledged() => Volatile.Write(ref _acknowledged, _acknowledged + 1);

    public void AddConnected(int change) => Volatile.Write(ref _connected, _connected + change);

    public void AddDone() => Volatile.Write(ref _done, _done + 1);

    public void AddCompleted(long startedAt, long now)
    {
        Completed++;
        var elapsed = (long)Stopwatch.GetElapsedTime(startedAt, now).TotalMicroseconds;
        Latencies.RecordValue(Math.Clamp(elapsed, 1, LongestMicroseconds));
    }

    public void AddError(string kind) => Errors[kind] = Errors.GetValueOrDefault(kind) + 1;
}
