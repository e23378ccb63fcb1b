using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>
/// A PostgreSQL of our own: from the machine's binaries, in a directory and on a port that nobody else has, with fsync on.
/// It can be killed and started again, and takes nothing with it but itself.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql";
    private const string SystemUser = "postgres";
    private readonly string _bin;
    private readonly DirectoryInfo _directory;
    private readonly string[] _settings;
    private Process? _process;
    private int[] _frozen = [];

    private PostgresServer(string bin, DirectoryInfo directory, string[] settings) =>
        (_bin, _directory, _settings) = (bin, directory, settings);

    public int Port { get; } = FreePort.Next();

    /// <summary>The postmaster; 0 while it does not run.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <param name="settings">As for <c>postgres -c</c>, e.g. <c>max_wal_size=4GB</c>.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("mdm-postgres-");
        var server = new PostgresServer(FindBinaries(), directory, settings);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [SystemUser, directory.FullName]);
        }

        await server.RunAsPostgresAsync(
            "initdb", "--pgdata", server.Data, "--username", "mdm", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username=mdm;Database={database};Include Error Detail=true";

    /// <summary>Completes when it takes connections; starting after a crash includes the recovery.</summary>
    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new List<string>();
        var process = new Process
        {
            StartInfo = AsPostgres(
                "postgres",
                [
                    "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", _directory.FullName,
                    "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "log_timezone=UTC", "-c", "timezone=UTC",
                    .. _settings.SelectMany(setting => new[] { "-c", setting }),
                ]),
            EnableRaisingEvents = true,
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Add(line.Data ?? string.Empty);
            }

            if (line.Data?.Contains("database system is ready to accept connections", StringComparison.Ordinal) is true)
            {
                ready.TrySetResult();
            }
        };
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("PostgreSQL did not start:\n" + Text(log)));
        process.Start();
        process.BeginErrorReadLine();
        _process = process;
        await ready.Task;
    }

    /// <summary>A logical backup: what <c>pg_dump --format=custom</c> writes.</summary>
    public async Task<string> DumpAsync(string database)
    {
        var file = Path.Combine(_directory.FullName, $"{database}.dump");
        await RunAsPostgresAsync("pg_dump", [.. Client, "--format=custom", "--file", file, database]);
        return file;
    }

    /// <summary>Into an empty database.</summary>
    public Task RestoreAsync(string database, string file) =>
        RunAsPostgresAsync("pg_restore", [.. Client, "--exit-on-error", "--dbname", database, file]);

    private string[] Client => ["--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", "mdm"];

    /// <summary>As if its machine hung: connections stay open, and nothing is answered any more. Only killing it ends that.</summary>
    public void Freeze()
    {
        ProcessSignal.Suspend(ProcessId); // first: from here on it has no new children
        _frozen = ProcessSignal.ChildrenOf(ProcessId);
        foreach (var child in _frozen)
        {
            ProcessSignal.Suspend(child);
        }
    }

    /// <summary>As if the power went: the postmaster gets SIGKILL, and its children notice.</summary>
    public async Task KillAsync()
    {
        var process = _process ?? throw new InvalidOperationException("PostgreSQL does not run.");
        _process = null;
        process.Kill();
        foreach (var child in _frozen)
        {
            ProcessSignal.Kill(child); // what is frozen notices nothing
        }

        _frozen = [];
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>In order: connections are closed, nothing is lost.</summary>
    public async Task StopAsync()
    {
        var process = _process ?? throw new InvalidOperationException("PostgreSQL does not run.");
        _process = null;
        await RunAsPostgresAsync("pg_ctl", "stop", "--pgdata", Data, "--mode", "fast", "--silent");
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        _directory.Delete(recursive: true);
    }

    private string Data => Path.Combine(_directory.FullName, "data");

    private Task RunAsPostgresAsync(string program, params string[] arguments)
    {
        var start = AsPostgres(program, arguments);
        return RunAsync(start.FileName, [.. start.ArgumentList]);
    }

    /// <summary>PostgreSQL refuses root. setpriv becomes the program, so that its process id is PostgreSQL's own.</summary>
    private ProcessStartInfo AsPostgres(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(_bin, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", SystemUser, "--regid", SystemUser, "--init-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.RedirectStandardError = true;
        start.WorkingDirectory = _directory.FullName;
        return start;
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {error}");
        }
    }

    private static string FindBinaries() =>
        (Directory.Exists(Binaries) ? Directory.GetDirectories(Binaries) : [])
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "postgres")))
            .OrderByDescending(bin => bin, StringComparer.Ordinal)
            .FirstOrDefault()
        ?? throw new InvalidOperationException(
            $"PostgreSQL is not installed: there is no {Binaries}/*/bin/postgres. Run tests/run.sh, which installs it.");

    private static string Text(List<string> log)
    {
        lock (log)
        {
            return string.Join('\n', log.TakeLast(20));
        }
    }
}
