using System.Diagnostics;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>The instants at which an open loop's check-ins are due, however late each is taken.</summary>
internal sealed class Pace(double rate)
{
    private long _startedAt;
    private long _taken;

    public bool IsStarted { get; private set; }

    public void Start(long now)
    {
        _startedAt = now;
        IsStarted = true;
    }

    /// <summary>True, with the instant, while one is due that was not taken.</summary>
    public bool TryTake(long now, out long due)
    {
        due = _startedAt + (long)(_taken / rate * Stopwatch.Frequency);
        if (!IsStarted || due > now)
        {
            return false;
        }

        _taken++;
        return true;
    }

    public void PutBack() => _taken--;
}
