using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using MdmOrleans.Benchmarks.Load;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>Posts commands and is the devices that take them.</summary>
internal sealed class CommandLoad(HttpClient http, IPEndPoint target, Credential[] devices)
{
    private static readonly string[] Whole = ["received", "succeeded"];
    private static readonly string[] Short = ["succeeded"];
    private readonly Lock _lock = new();
    private volatile bool _isRecording;
    private volatile bool _isOver;

    public LoadTally Tally { get; } = new();

    public void Record(bool isOn) => _isRecording = isOn;

    public void End() => _isOver = true;

    /// <summary>Whole lives, one for each device at a time, as fast as they go.</summary>
    public async Task LiveAsync(Action settled)
    {
        var connected = await ConnectAsync(Whole);
        settled();
        await Task.WhenAll(connected.Select(pair => Task.Run(async () =>
        {
            while (!_isOver)
            {
                await CountAsync(() => LiveAsync(pair.Device, pair.Name, untilEnd: true));
            }
        })));
    }

    /// <summary>So many a second, each counted from when it was due to be posted until it came.</summary>
    public async Task PushAsync(int rate, Action settled)
    {
        var idle = new Queue<(CommandDevice Device, string Name)>(await ConnectAsync(Short));
        settled();
        var pace = new Pace(rate);
        pace.Start(Stopwatch.GetTimestamp());
        while (!_isOver)
        {
            while (pace.TryTake(Stopwatch.GetTimestamp(), out var due))
            {
                (CommandDevice Device, string Name) next;
                lock (_lock)
                {
                    if (!idle.TryDequeue(out next))
                    {
                        pace.PutBack();
                        break;
                    }
                }

                _ = Task.Run(async () =>
                {
                    await CountAsync(() => LiveAsync(next.Device, next.Name, untilEnd: false, due));
                    await next.Device.WaitForEndAsync();
                    lock (_lock)
                    {
                        idle.Enqueue(next);
                    }
                });
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>A command for a device that is away, which then connects and is offered it: the request and the wait of the device.</summary>
    public Task OfferAsync(int atATime) => Task.WhenAll(devices.Chunk((devices.Length + atATime - 1) / atATime).Select(some => Task.Run(async () =>
    {
        for (var i = 0; !_isOver; i = (i + 1) % some.Length)
        {
            await CountAsync(() => OfferAsync(some[i]));
        }
    })));

    /// <summary>One wipe for each device, all at once.</summary>
    public async Task WipeAsync(int atATime)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = atATime };
        await Parallel.ForEachAsync(devices, parallel, async (device, _) => await CountAsync(async () =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            var status = await PostAsync(device.Device, """{"kind":"wipe"}""");
            Note(status);
            return (startedAt, Stopwatch.GetTimestamp());
        }));
    }

    private async Task<(long From, long To)> OfferAsync(Credential device)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await PostAsync(device.Device, """{"kind":"message","parameters":{"text":"Hello"}}""");
        using var connection = new CommandDevice(target, device, Short);
        connection.Expect();
        await connection.ConnectAsync();
        var to = await connection.WaitForArrivalAsync();
        await connection.WaitForEndAsync();
        await connection.CloseAsync();
        return (startedAt, to);
    }

    private async Task<(long From, long To)> LiveAsync(CommandDevice device, string name, bool untilEnd, long? due = null)
    {
        device.Expect();
        var startedAt = due ?? Stopwatch.GetTimestamp();
        await PostAsync(name, """{"kind":"message","parameters":{"text":"Hello"}}""");
        var arrivedAt = await device.WaitForArrivalAsync();
        if (!untilEnd)
        {
            return (startedAt, arrivedAt);
        }

        await device.WaitForEndAsync();
        return (startedAt, Stopwatch.GetTimestamp());
    }

    private async Task<List<(CommandDevice Device, string Name)>> ConnectAsync(string[] reports)
    {
        var connected = new List<(CommandDevice, string)>();
        foreach (var some in devices.Chunk(64))
        {
            var opened = some.Select(credential => (Device: new CommandDevice(target, credential, reports), Name: credential.Device)).ToArray();
            await Task.WhenAll(opened.Select(pair => pair.Device.ConnectAsync()));
            connected.AddRange(opened);
        }

        return connected;
    }

    private async Task CountAsync(Func<Task<(long From, long To)>> work)
    {
        try
        {
            var (from, to) = await work();
            lock (_lock)
            {
                Tally.AddDone();
                if (_isRecording)
                {
                    Tally.AddCompleted(from, to);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or BenchmarkException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            Note(e.Message);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System); // what fails at once must not be repeated at once
        }
    }

    private void Note(string kind)
    {
        lock (_lock)
        {
            Tally.AddError(kind);
        }
    }

    /// <returns>What the command is now.</returns>
    private async Task<string> PostAsync(string device, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"/v1/tenants/bench/devices/{device}/commands", UriKind.Relative), body);
        var text = await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new BenchmarkException($"HTTP {(int)response.StatusCode}");
        }

        using var command = JsonDocument.Parse(text);
        return command.RootElement.GetProperty("status").GetString()!; // every command has one
    }
}
