using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>One device of a fleet: connects as a real one does, and changes with simulated time.</summary>
internal sealed class SimulatedDevice : IPostureSource, ICommandHandler, IDeviceObserver
{
    // Simulated hours; each is stretched or shortened by up to a half, so that no two devices go in step.
    private const double OnlineSpell = 6;
    private const double OfflineSpell = 2;
    private const double HeardOf = 3;

    private readonly Lock _gate = new();
    private readonly FleetCredential _credential;
    private readonly DeviceTraits _traits;
    private readonly SimulatedFleetOptions _options;
    private readonly FleetStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private SimulatedState _state;
    private long _lastRead;
    private string? _verdict;

    public SimulatedDevice(FleetCredential credential, int rank, SimulatedFleetOptions options, FleetStatistics statistics, TimeProvider time)
    {
        (_credential, _options, _statistics, _time) = (credential, options, statistics, time);
        _traits = DeviceTraits.Of(credential, rank, options.Seed);
        _random = DeviceTraits.RandomOf(credential, options.Seed + 1);
        _state = Drift.Start(_traits, Today(), _random);
        _lastRead = time.GetTimestamp();
    }

    /// <summary>Until <paramref name="stop"/>, or until the server will not have it. Null where the device went silent by itself.</summary>
    public async Task<DeviceClientEnd?> RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var end = await StayOnlineAsync(stop);
            if (end.Kind != DeviceClientEndKind.Stopped || stop.IsCancellationRequested)
            {
                return end;
            }

            if (_traits.Habit == Habit.GoesSilent)
            {
                return null;
            }

            await Task.Delay(Spell(OfflineSpell), _time, stop);
        }
    }

    ValueTask<CheckInMessage> IPostureSource.ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var hours = _time.GetElapsedTime(_lastRead).TotalHours * _options.TimeScale;
            _lastRead = _time.GetTimestamp();
            _state = Drift.Advance(_state, _traits, hours, Today(), _random);
            return ValueTask.FromResult(SimulatedPosture.Of(_traits, _state));
        }
    }

    Task<CommandOutcome> ICommandHandler.RunAsync(DeliveredCommand command, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            (_state, var outcome) = SimulatedCommands.Apply(command, _traits, _state, _random);
            _statistics.RanCommand();
            return Task.FromResult(outcome);
        }
    }

    void IDeviceObserver.Connected() => _statistics.Connected(+1);

    void IDeviceObserver.Disconnected(string reason) => _statistics.Connected(-1);

    void IDeviceObserver.Refused(string code) => _statistics.Refused(code);

    void IDeviceObserver.Answered(CheckInAnswer answer, TimeSpan took) =>
        _statistics.Answered(Interlocked.Exchange(ref _verdict, answer.Compliance), answer.Compliance, took);

    private async Task<DeviceClientEnd> StayOnlineAsync(CancellationToken stop)
    {
        using var spell = new CancellationTokenSource(_traits.Habit switch
        {
            Habit.ComesAndGoes => Spell(OnlineSpell),
            Habit.GoesSilent => Spell(HeardOf),
            _ => Timeout.InfiniteTimeSpan,
        }, _time);
        using var online = CancellationTokenSource.CreateLinkedTokenSource(stop, spell.Token);
        using var client = new DeviceClient(ClientOptions(), this, this, new SkewedTime(_time, _traits.ClockSkew), NullLogger.Instance);
        var running = client.RunAsync(online.Token);
        if (_options.CheckInEvery is { } every)
        {
            await CheckInEveryAsync(client, every, running, online.Token);
        }

        return await running;
    }

    private async Task CheckInEveryAsync(DeviceClient client, TimeSpan every, Task running, CancellationToken online)
    {
        using var timer = new PeriodicTimer(every, _time);
        using var ended = online.Register(timer.Dispose); // which ends the wait without an exception
        while (await timer.WaitForNextTickAsync(CancellationToken.None) && !running.IsCompleted)
        {
            await Task.WhenAny(client.CheckInAsync(online), running);
        }
    }

    private DeviceClientOptions ClientOptions() => new()
    {
        Endpoint = _options.Endpoint,
        Tenant = _credential.Tenant,
        Device = _credential.Device,
        Token = _credential.Token,
        UseMqtt311 = _options.UseMqtt311,
        TrustedRoots = _options.TrustedRoots,
        KeepAlive = TimeSpan.FromMinutes(20),
        Observer = this,
    };

    private TimeSpan Spell(double hours)
    {
        lock (_gate)
        {
            return TimeSpan.FromHours(hours * (0.5 + _random.NextDouble()) / _options.TimeScale);
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
}
