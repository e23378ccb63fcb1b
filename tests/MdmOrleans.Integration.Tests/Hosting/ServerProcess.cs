using System.Globalization;
using System.Net.Http.Headers;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>The real server in a process and on ports of its own. It can be killed, and comes back on the same data and ports.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private static readonly string[] Listeners = ["Http:Port", "Http:PlainPort", "Mqtt:Port", "Mqtt:TlsPort", "Orleans:SiloPort"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-server-");
    private readonly Dictionary<string, string> _settings;
    private readonly string[] _arguments;
    private readonly HttpClient _http;
    private ChildProcess _process = null!; // set in StartAsync, the only way to make one

    private ServerProcess(IEnumerable<KeyValuePair<string, string>> settings, string[] arguments)
    {
        _arguments = arguments;
        _settings = new Dictionary<string, string>
        {
            ["Storage:Directory"] = Path.Combine(_directory.FullName, "data"),
            ["Storage:MigrateOnStart"] = "true",
            ["Http:Address"] = "loopback",
            ["Orleans:AdvertisedAddress"] = "127.0.0.1",
        };
        foreach (var (key, value) in FreePorts().Concat(settings))
        {
            _settings[key] = value;
        }

        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}") };
        Api = new ServerApi(_http);
    }

    public int Id => _process.Id;

    public int MqttPort => Port("Mqtt:Port");

    public int TlsPort => Port("Mqtt:TlsPort");

    /// <summary>Plain, on loopback.</summary>
    public int HttpPort => Port("Http:PlainPort");

    /// <summary>HTTPS, but plain in Development.</summary>
    public int HttpsPort => Port("Http:Port");

    /// <summary>Where it keeps what it keeps in files.</summary>
    public string DataDirectory => _settings["Storage:Directory"];

    /// <summary>As the administrator.</summary>
    public ServerApi Api { get; }

    public string Output => _process.Output;

    /// <summary>Ready when this returns.</summary>
    public static Task<ServerProcess> StartAsync(ITestDatabase database, params KeyValuePair<string, string>[] settings) =>
        StartAsync([], [.. database.Settings, .. settings]);

    /// <param name="arguments">E.g. the verb.</param>
    public static Task<ServerProcess> StartAsync(string[] arguments, params KeyValuePair<string, string>[] settings) =>
        StartAsync(arguments, server => server.IsReadyAsync(), settings);

    /// <param name="isUp">Asked until it says yes: for one that is not going to be ready.</param>
    public static async Task<ServerProcess> StartAsync(
        string[] arguments, Func<ServerProcess, Task<bool>> isUp, params KeyValuePair<string, string>[] settings)
    {
        var server = new ServerProcess(settings, arguments);
        try
        {
            await server.StartAsync(() => isUp(server));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Starts it again, on the same data and ports.</summary>
    public Task StartAsync() => StartAsync(IsReadyAsync);

    /// <summary>As <see cref="StartAsync()"/>, where it is not going to be ready: it answers when this returns.</summary>
    /// <param name="isUp">Asked until it says yes.</param>
    public async Task StartAsync(Func<Task<bool>> isUp)
    {
        _process = Launch(_arguments, _settings, _directory.FullName);
        await Eventually.TrueAsync(
            async () => _process.HasExited ? throw _process.Failure("ended before it was up") : await isUp(),
            "the server was up",
            StartPatience);
        var keyFile = Path.Combine(DataDirectory, "admin-key");
        if (File.Exists(keyFile)) // only the role 'api' makes one
        {
            var key = await File.ReadAllTextAsync(keyFile, TestContext.Current.CancellationToken);
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        }
    }

    /// <summary>One for each of its listeners.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FreePorts() =>
        Listeners.Select(key => new KeyValuePair<string, string>(key, FreePort.Next().ToString(CultureInfo.InvariantCulture)));

    /// <summary>The executable, and whatever becomes of it.</summary>
    public static ChildProcess Launch(string[] arguments, IEnumerable<KeyValuePair<string, string>> settings, string? directory = null) =>
        ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "MdmOrleans.Server.dll"), .. arguments],
            [
                new("DOTNET_ENVIRONMENT", "Production"),
                new("ASPNETCORE_ENVIRONMENT", "Production"),
                .. settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)),
            ],
            directory);

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Waits for a line that it writes; each line counts once.</summary>
    public Task<string> LineAsync(Func<string, bool> isIt, TimeSpan patience) => _process.LineAsync(isIt, patience);

    /// <summary>What it is not ready for; null where it is ready, or does not answer.</summary>
    public async Task<string?> ComplaintAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Asks it to stop; its exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _process.AskToStop();
        return _process.ExitAsync(StopPatience);
    }

    /// <summary>What it holds in memory now, in bytes.</summary>
    public long ResidentBytes()
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Name.Length..^"kB".Length], NumberStyles.Integer, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    private int Port(string key) => int.Parse(_settings[key], CultureInfo.InvariantCulture);
}
