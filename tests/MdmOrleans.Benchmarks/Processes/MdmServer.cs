using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MdmOrleans.Benchmarks.Processes;

/// <summary>What a server is started with.</summary>
/// <param name="Assembly">Of the server itself, or of this benchmark, which hosts the baselines.</param>
/// <param name="Verb">With its options; empty: the server's own default.</param>
/// <param name="Postgres">How to connect; null: SQLite in the directory.</param>
internal sealed record MdmServerOptions(string Assembly, string[] Verb, string Directory, string? Postgres)
{
    /// <summary>Beside what every server is given.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>A server in a process of its own, with every port its own, ready.</summary>
internal sealed class MdmServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;

    private MdmServer(ChildProcess process, IPEndPoint mqtt, HttpClient http)
    {
        _process = process;
        Mqtt = mqtt;
        Http = http;
    }

    public int Id => _process.Id;

    public IPEndPoint Mqtt { get; }

    /// <summary>As the administrator.</summary>
    public HttpClient Http { get; }

    public static string ServerAssembly => Path.Combine(AppContext.BaseDirectory, "MdmOrleans.Server.dll");

    public static string BenchmarkAssembly => Path.Combine(AppContext.BaseDirectory, "MdmOrleans.Benchmarks.dll");

    public static async Task<MdmServer> StartAsync(MdmServerOptions options, CancellationToken cancellationToken)
    {
        var mqtt = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var http = FreePort.Next();
        var environment = new Dictionary<string, string>(options.Environment)
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Storage__Directory"] = options.Directory,
            ["Storage__MigrateOnStart"] = "true",
            ["Http__Port"] = Text(FreePort.Next()), // HTTPS, and nobody asks there
            ["Http__PlainPort"] = Text(http),
            ["Http__Address"] = "127.0.0.1",
            ["Mqtt__Port"] = Text(mqtt.Port),
            ["Mqtt__TlsPort"] = "0",
            ["Limits__RequestsPerSecond"] = "1000000", // the load comes from one key to one tenant
            ["Limits__RequestBurst"] = "1000000",
            ["Limits__ConcurrentRequests"] = "100000",
            ["Mqtt__MaxConnections"] = "1000000",
            ["Orleans__SiloPort"] = Text(FreePort.Next()),
            ["Orleans__AdvertisedAddress"] = "127.0.0.1",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (options.Postgres is { } postgres)
        {
            environment["ConnectionStrings__Postgres"] = postgres;
        }

        var process = ChildProcess.Start("the server", "dotnet", [options.Assembly, .. options.Verb], environment);
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        var server = new MdmServer(process, mqtt, client);
        try
        {
            await Readiness.WaitAsync(process, Patience, () => server.IsReadyAsync(cancellationToken), cancellationToken);
            if (Path.Combine(options.Directory, "admin-key") is var path && File.Exists(path))
            {
                var key = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>SIGKILL: it cannot finish, flush or say goodbye to anything.</summary>
    public void Kill() => _process.SendKill();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
