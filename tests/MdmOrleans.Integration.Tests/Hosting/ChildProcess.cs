using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>A program in a process of its own: what it said, how it ended, and that it ends with the test at the latest.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    private int _ended;

    private ChildProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <param name="program">Found on the path, or a file.</param>
    /// <param name="environment">On top of this process's own; a secret belongs here and not among the arguments.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in environment ?? [])
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(Path.GetFileName(program), start);
        try
        {
            child._process.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} does not start ({e.Message}). Run tests/run.sh: it installs what is missing.", e);
        }

        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line on either output; what was said before counts, once.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt, TimeSpan patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (isIt(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw Failure("did not say what was waited for", e);
        }

        throw Failure("ended without saying what was waited for");
    }

    /// <summary>Its exit code; a process that takes longer fails the test.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            await _process.WaitForExitAsync(cancellation).WaitAsync(patience, cancellation);
        }
        catch (TimeoutException e)
        {
            throw Failure($"did not end within {patience.TotalSeconds:0.#} s", e);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: not a word, not a flush.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM: please.</summary>
    public void AskToStop() => ProcessSignal.Terminate(_process.Id);

    public Exception Failure(string what, Exception? inner = null) =>
        new InvalidOperationException($"{_name} {what}.\n{Output}\n{Errors}", inner);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(List<string> lines, string? line)
    {
        if (line is null)
        {
            if (Interlocked.Increment(ref _ended) == 2)
            {
                _lines.Writer.TryComplete(); // both outputs
            }

            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        _lines.Writer.TryWrite(line);
    }

    private static string Text(List<string> lines)
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }
}
