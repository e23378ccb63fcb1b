namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>Many devices at once, half of them with MQTT 5 and half with 3.1.1, and a record of what each was promised.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int RegistrationsAtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _last = new();
    private readonly CancellationTokenSource _now = new();
    private readonly Lock _gate = new();
    private readonly int _port;
    private long _acknowledged;
    private (long Count, TaskCompletionSource Reached)? _awaited;
    private Task _running = Task.CompletedTask;

    private Fleet(int port, IReadOnlyList<FleetRecord> records) => (_port, Records) = (port, records);

    public IReadOnlyList<FleetRecord> Records { get; }

    /// <summary>Devices of the tenant, which is there already.</summary>
    public static Task<Fleet> RegisterAsync(ServerProcess server, string tenant, int devices) =>
        RegisterAsync(server.Api, server.MqttPort, tenant, devices);

    /// <param name="port">Where they connect, which need not be the server that knows them.</param>
    public static async Task<Fleet> RegisterAsync(ServerApi api, int port, string tenant, int devices)
    {
        var records = new FleetRecord[devices];
        await Parallel.ForAsync(
            0,
            devices,
            new ParallelOptions { MaxDegreeOfParallelism = RegistrationsAtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) =>
            {
                var name = $"tablet-{i}";
                records[i] = new FleetRecord(tenant, name, await api.CreateDeviceAsync(tenant, name), i % 2 == 0 ? 5 : 4);
            });
        return new Fleet(port, records);
    }

    public void Start() => _running = Task.WhenAll(Records.Select(
        record => Task.Run(() => new FleetDevice(record, _port, CountAcknowledged).RunAsync(_last.Token, _now.Token))));

    /// <summary>Completes when that many more check-ins were acknowledged.</summary>
    public async Task AcknowledgedAsync(int more)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (_acknowledged + more, reached);
        }

        var first = await Task.WhenAny(reached.Task, _running).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await first; // a device that failed says why
    }

    /// <summary>Lets every device bring home what it has in flight.</summary>
    public async Task StopAsync()
    {
        await _last.CancelAsync();
        await _running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _last.CancelAsync();
        await _now.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default); // a test that failed has said so
        _last.Dispose();
        _now.Dispose();
    }

    private void CountAcknowledged()
    {
        lock (_gate)
        {
            _acknowledged++;
            if (_awaited is { } awaited && _acknowledged >= awaited.Count)
            {
                _awaited = null;
                awaited.Reached.SetResult();
            }
        }
    }
}
