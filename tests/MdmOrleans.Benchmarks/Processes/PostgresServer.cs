using System.Globalization;
using Npgsql;

namespace MdmOrleans.Benchmarks.Processes;

/// <summary>A PostgreSQL of its own, from Debian's binaries, durable, with the settings that the README recommends.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres"; // the server refuses to run as root
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Settings =
    [
        "shared_buffers=512MB",
        "min_wal_size=2GB",
        "max_wal_size=8GB",
        "checkpoint_timeout=30min",
        "wal_compression=on",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
    ];

    private const int RecycledSegments = 112; // of 16 MB each, a little less than min_wal_size keeps

    private readonly ChildProcess _process;
    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresServer(ChildProcess process, int port)
    {
        _process = process;
        _connection = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = Account, Database = "postgres" };
    }

    public int Id => _process.Id;

    /// <param name="more">Settings beside those, each <c>name=value</c>.</param>
    public static async Task<PostgresServer> StartAsync(WorkDirectory work, string[] more, CancellationToken cancellationToken)
    {
        var binaries = Binaries();
        var data = work.CreateDirectory("postgres");
        if (Environment.IsPrivilegedProcess)
        {
            // Only the account needs to get through; what the directory holds stays closed to others by its own modes.
            File.SetUnixFileMode(work.Path, File.GetUnixFileMode(work.Path) | UnixFileMode.OtherExecute);
            await ChildProcess.RunAsync("chown", "chown", [Account, data], cancellationToken);
        }

        var (file, prefix) = AsAccount(Path.Combine(binaries, "initdb"));
        await ChildProcess.RunAsync(
            "initdb",
            file,
            [.. prefix, "-D", data, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            cancellationToken);

        var port = FreePort.Next();
        (file, prefix) = AsAccount(Path.Combine(binaries, "postgres"));
        string[] all = [.. Settings, .. more, $"port={port.ToString(CultureInfo.InvariantCulture)}"];
        string[] options = [.. all.SelectMany(setting => new[] { "-c", setting })];
        var process = ChildProcess.Start("PostgreSQL", file, [.. prefix, "-D", data, .. options], stop: Signal.Interrupt);
        var server = new PostgresServer(process, port);
        await server.WaitAsync(cancellationToken);
        await server.AgeAsync(cancellationToken);
        return server;
    }

    /// <summary>An empty database, and how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = name }.ConnectionString;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        await Readiness.WaitAsync(_process, Patience, async () =>
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, cancellationToken);
    }

    // One that has run for a while writes into log segments that it used before. A new one has to be filled with zeros and synced first,
    // once a second at these rates, and every commit waits for that.
    private async Task AgeAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        for (var i = 0; i < RecycledSegments; i++)
        {
            await using var fill = source.CreateCommand("SELECT pg_logical_emit_message(true, 'age', ''); SELECT pg_switch_wal()");
            await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var recycle = source.CreateCommand("CHECKPOINT");
        await recycle.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>setpriv becomes the program, so that the process that was started is the one to watch and to stop.</summary>
    private static (string File, string[] Prefix) AsAccount(string program) => Environment.IsPrivilegedProcess
        ? ("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--clear-groups", program])
        : (program, []);

    private static string Binaries()
    {
        const string Root = "/usr/lib/postgresql";
        var newest = Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root).MaxBy(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            : null;
        return newest is null
            ? throw new BenchmarkException("PostgreSQL is missing: apt-get install postgresql.")
            : Path.Combine(newest, "bin");
    }
}
