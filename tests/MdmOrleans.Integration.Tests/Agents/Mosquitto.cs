using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>A broker that others wrote, with plain, TLS and WebSocket listeners on free ports.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-mosquitto-");
    private readonly Process _process;

    private Mosquitto(int plain, int tls, int webSocket, (string Certificate, string Key) pem)
    {
        (Plain, Tls, WebSocket) = (new Uri($"mqtt://127.0.0.1:{plain}"), new Uri($"mqtts://localhost:{tls}"), new Uri($"ws://127.0.0.1:{webSocket}/mqtt"));
        File.WriteAllText(PathOf("server.pem"), pem.Certificate);
        File.WriteAllText(PathOf("server.key"), pem.Key);
        File.WriteAllText(PathOf("mosquitto.conf"), $"""
            allow_anonymous true
            user {Environment.UserName}
            listener {plain} 127.0.0.1
            listener {webSocket} 127.0.0.1
            protocol websockets
            listener {tls} 127.0.0.1
            certfile {PathOf("server.pem")}
            keyfile {PathOf("server.key")}

            """);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", PathOf("mosquitto.conf")]) { RedirectStandardError = true })!; // no shell
    }

    public Uri Plain { get; }

    public Uri Tls { get; }

    public Uri WebSocket { get; }

    /// <param name="pem">Certificate and key of the TLS listener.</param>
    public static async Task<Mosquitto> StartAsync((string Certificate, string Key) pem)
    {
        var broker = new Mosquitto(FreePort(), FreePort(), FreePort(), pem);
        var said = new List<string>();
        while (await broker._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).Soon() is { } line)
        {
            said.Add(line);
            if (line.EndsWith(" running", StringComparison.Ordinal))
            {
                return broker;
            }
        }

        throw new InvalidOperationException($"mosquitto did not start: {string.Join(' ', said)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private string PathOf(string file) => Path.Combine(_directory.FullName, file);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
