using System.Diagnostics;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>One thread that drives many devices: waits for their sockets, answers, keeps the pace.</summary>
internal sealed class LoadLoop : IConnectionOwner, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LoadOptions _options;
    private readonly LoadWindow _window;
    private readonly Pace? _pace;
    private readonly DeviceConnection[] _connections;
    private readonly Queue<DeviceConnection> _toOpen;
    private readonly Queue<DeviceConnection> _idle = [];
    private readonly PriorityQueue<DeviceConnection, long> _later = new();
    private int _opening;
    private int _firstConnects;
    private int _finished;
    private long _now;
    private long _nextCheck;

    public LoadLoop(LoadOptions options, LoadWindow window, Credential[] devices, CheckInContent content, double rate)
    {
        _options = options;
        _window = window;
        _pace = options.Mode == LoadMode.Open ? new Pace(rate) : null;
        _connections =
        [
            .. devices.Select((device, tag) =>
                new DeviceConnection(this, tag, device, new CheckInPacket(device, content, options.Protocol), options)),
        ];
        _toOpen = new Queue<DeviceConnection>(_connections);
    }

    public Epoll Epoll { get; } = new();

    public byte[] ReceiveBuffer { get; } = new byte[256 * 1024];

    public LoadTally Tally { get; } = new();

    /// <summary>Set, by the loop's thread, when each device has been connected once, or, where it connects once only, is done.</summary>
    public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Run()
    {
        while (!_window.IsOver)
        {
            _now = Stopwatch.GetTimestamp();
            TakeUpLater();
            OpenSome();
            KeepPace();
            GiveUpOnSilence();
            var count = Epoll.Wait(_pace is { IsStarted: true } ? ShortestWait : Tick);
            for (var i = 0; i < count; i++)
            {
                _now = Stopwatch.GetTimestamp(); // each time: a full batch takes milliseconds
                var (tag, ready) = Epoll[i];
                _connections[tag].OnReady(ready, _now);
            }
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        Epoll.Dispose();
    }

    void IConnectionOwner.Connected(DeviceConnection connection)
    {
        Tally.AddConnected(1);
        switch (_options.Mode)
        {
            case LoadMode.Connect:
                Record(connection);
                connection.Failures = 0;
                Release(connection);
                _toOpen.Enqueue(connection);
                CountFirstConnect();
                break;
            case LoadMode.Once:
                connection.CheckIn(_now, _now);
                break;
            case LoadMode.Open or LoadMode.Closed when connection.IsInFlight:
                _opening--;
                connection.CheckIn(_now, _now);
                break;
            case LoadMode.Open or LoadMode.Closed:
                _opening--;
                _idle.Enqueue(connection);
                CountFirstConnect();
                CheckInIdle();
                break;
            case LoadMode.Storm:
                _opening--;
                CountFirstConnect();
                connection.CheckIn(_now, _now);
                break;
            case LoadMode.Idle:
                _opening--;
                connection.Failures = 0;
                CountFirstConnect();
                break;
            default:
                throw new UnreachableException($"Nothing to do for {_options.Mode}");
        }
    }

    void IConnectionOwner.Acknowledged(DeviceConnection connection)
    {
        Tally.AddAcknowledged();
        _window.Journal?.Add(connection);
    }

    void IConnectionOwner.Completed(DeviceConnection connection)
    {
        Record(connection);
        switch (_options.Mode)
        {
            case LoadMode.Closed or LoadMode.Storm:
                connection.CheckIn(_now, _now);
                break;
            case LoadMode.Once:
                Release(connection);
                Finish();
                break;
            default:
                _idle.Enqueue(connection);
                break;
        }
    }

    void IConnectionOwner.Refused(DeviceConnection connection, string kind)
    {
        Tally.AddError(kind);
        Later(connection);
    }

    void IConnectionOwner.Lost(DeviceConnection connection, string kind)
    {
        Tally.AddError(kind);
        if (connection.WasConnected)
        {
            Tally.AddConnected(-1);
        }

        if (!connection.WasConnected || IsOneByOne)
        {
            _opening--;
        }

        Later(connection);
    }

    private bool IsOneByOne => _options.Mode is LoadMode.Connect or LoadMode.Once;

    private void Record(DeviceConnection connection)
    {
        Tally.AddDone();
        if (_window.IsRecording)
        {
            Tally.AddCompleted(connection.StartedAt, _now);
        }
    }

    private void Release(DeviceConnection connection)
    {
        connection.Close();
        Tally.AddConnected(-1);
        _opening--;
    }

    // Settled counts first connects, or, where a device is done after its only check-in, those.
    private void CountFirstConnect()
    {
        if (_firstConnects < _connections.Length && ++_firstConnects == _connections.Length)
        {
            _pace?.Start(Stopwatch.GetTimestamp());
            Settled.TrySetResult();
        }
    }

    // A closed loop begins when all are connected: those that still connect would otherwise stand in line with check-ins.
    private void CheckInIdle()
    {
        while (_options.Mode == LoadMode.Closed && Settled.Task.IsCompleted && _idle.TryDequeue(out var connection))
        {
            if (connection is { IsReady: true, IsInFlight: false })
            {
                connection.CheckIn(_now, _now);
            }
        }
    }

    private void Finish()
    {
        if (++_finished == _connections.Length)
        {
            Settled.TrySetResult();
        }
    }

    private void Later(DeviceConnection connection) =>
        _later.Enqueue(connection, _now + (long)(BackOff.Next(++connection.Failures).TotalSeconds * Stopwatch.Frequency));

    private void TakeUpLater()
    {
        while (_later.TryPeek(out var connection, out var due) && due <= _now)
        {
            _later.Dequeue();
            if (connection.IsClosed)
            {
                _toOpen.Enqueue(connection);
            }
            else if (connection is { IsReady: true, IsInFlight: true })
            {
                connection.CheckIn(_now, _now);
            }
        }
    }

    private void OpenSome()
    {
        while (_opening < _options.Opening && _toOpen.TryDequeue(out var connection))
        {
            _opening++;
            connection.Open(_options.Target, _now);
        }
    }

    private void KeepPace()
    {
        while (_pace is not null && _idle.Count > 0 && _pace.TryTake(_now, out var due))
        {
            // It may have been lost while it waited: then it comes back when it has connected again.
            if (_idle.TryDequeue(out var connection) && connection is { IsReady: true, IsInFlight: false })
            {
                connection.CheckIn(due, _now);
            }
            else
            {
                _pace.PutBack();
            }
        }
    }

    private void GiveUpOnSilence()
    {
        if (_now < _nextCheck)
        {
            return;
        }

        _nextCheck = _now + Stopwatch.Frequency;
        foreach (var connection in _connections)
        {
            if (!connection.IsClosed && (connection.IsInFlight || !connection.IsReady)
                && Stopwatch.GetElapsedTime(connection.SentAt, _now) > Patience)
            {
                connection.Lose("no answer in 30 s");
            }
        }
    }
}
