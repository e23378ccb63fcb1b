using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace MdmOrleans.Benchmarks.Processes;

/// <summary>A process that this one started, and stops by its id whatever happens.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private const int LastWords = 100;

    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _lastWords = new();
    private readonly string _name;
    private readonly int _stopSignal;

    private ChildProcess(string name, int stopSignal, bool isRead, ProcessStartInfo start)
    {
        _name = name;
        _stopSignal = stopSignal;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) =>
        {
            Remember(e.Data);
            if (e.Data is null || !isRead || !_output.Writer.TryWrite(e.Data))
            {
                _output.Writer.TryComplete();
            }
        };
        _process.ErrorDataReceived += (_, e) => Remember(e.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output, line by line; ends with the process.</summary>
    public ChannelReader<string> Output => _output.Reader;

    /// <param name="isRead">Whether somebody reads <see cref="Output"/>; else only the last words are kept.</param>
    public static ChildProcess Start(
        string name, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        Signal stop = Signal.Terminate, bool isRead = false)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(name, (int)stop, isRead, start);
        try
        {
            child._process.Start();
        }
        catch (Win32Exception e)
        {
            throw new BenchmarkException($"{name} did not start: {file}: {e.Message}");
        }

        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end; anything but exit code 0 is an exception with its last words.</summary>
    public static async Task RunAsync(string name, string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await using var child = Start(name, file, arguments);
        await child._process.WaitForExitAsync(cancellationToken);
        if (child._process.ExitCode != 0)
        {
            throw child.Failure("failed");
        }
    }

    public Exception Failure(string what)
    {
        lock (_lastWords)
        {
            return new BenchmarkException($"{_name} {what}:{Environment.NewLine}{string.Join(Environment.NewLine, _lastWords)}");
        }
    }

    public void SendStop() => Send(_stopSignal);

    /// <summary>Ends it in the middle of whatever it does.</summary>
    public void SendKill() => Send((int)Signal.Kill);

    /// <summary>Asks it to stop, waits, and kills what does not.</summary>
    public async ValueTask DisposeAsync()
    {
        SendStop();
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Send((int)Signal.Kill);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > LastWords)
            {
                _lastWords.Dequeue();
            }
        }
    }

    private void Send(int signal)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, signal); // it may have ended meanwhile: that is what was wanted
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}

internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
