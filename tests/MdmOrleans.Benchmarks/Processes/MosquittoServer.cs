using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Benchmarks.Processes;

/// <summary>Debian's mosquitto on a port of its own: keeps nothing, delivers to nobody, acknowledges.</summary>
internal static class MosquittoServer
{
    private const string Program = "/usr/sbin/mosquitto";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static bool IsInstalled => File.Exists(Program);

    public static async Task<(ChildProcess Process, IPEndPoint Target)> StartAsync(WorkDirectory work, CancellationToken cancellationToken)
    {
        var target = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var configuration = work.Combine("mosquitto.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            listener {target.Port} {target.Address}
            allow_anonymous true
            persistence false
            log_type error
            """,
            cancellationToken);
        var process = ChildProcess.Start("mosquitto", Program, ["-c", configuration]);
        await Readiness.WaitAsync(process, Patience, async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(target, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, cancellationToken);
        return (process, target);
    }
}
