namespace MdmOrleans.Agent.Simulation;

/// <summary>What a fleet has done so far.</summary>
/// <param name="Running">Devices that still try, connected or not.</param>
/// <param name="Verdicts">Devices by the compliance that they were last told.</param>
/// <param name="Errors">Refusals and lost connections by code.</param>
public sealed record FleetSnapshot(
    int Devices, int Running, int Connected, long CheckIns, long Commands, TimeSpan P50, TimeSpan P95, TimeSpan P99,
    IReadOnlyDictionary<string, int> Verdicts, IReadOnlyDictionary<string, long> Errors);

/// <summary>Counts what happens to the devices of a fleet.</summary>
public sealed class FleetStatistics
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _latency = new();
    private readonly SortedDictionary<string, int> _verdicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private int _devices;
    private int _running;
    private int _connected;
    private long _checkIns;
    private long _commands;

    public FleetSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new FleetSnapshot(
                _devices, _running, _connected, _checkIns, _commands,
                _latency.Percentile(0.5), _latency.Percentile(0.95), _latency.Percentile(0.99),
                new SortedDictionary<string, int>(_verdicts, StringComparer.Ordinal),
                new SortedDictionary<string, long>(_errors, StringComparer.Ordinal));
        }
    }

    internal void Began(int devices)
    {
        lock (_gate)
        {
            _devices += devices;
            _running += devices;
        }
    }

    internal void Ended()
    {
        lock (_gate)
        {
            _running--;
        }
    }

    internal void Connected(int change)
    {
        lock (_gate)
        {
            _connected += change;
        }
    }

    internal void Answered(string? lastVerdict, string verdict, TimeSpan took)
    {
        lock (_gate)
        {
            _checkIns++;
            _latency.Add(took);
            if (lastVerdict is not null)
            {
                _verdicts[lastVerdict]--;
            }

            _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;
        }
    }

    internal void Refused(string code)
    {
        lock (_gate)
        {
            _errors[code] = _errors.GetValueOrDefault(code) + 1;
        }
    }

    internal void RanCommand()
    {
        lock (_gate)
        {
            _commands++;
        }
    }
}
