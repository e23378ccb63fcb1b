using System.Globalization;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>A device made of Debian's mosquitto clients, as a person uses them: one at a time, since they share the client id.</summary>
internal sealed class MosquittoClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _configuration = Directory.CreateTempSubdirectory("mdm-mosquitto-client-");
    private readonly string _root;

    /// <param name="protocol"><c>mqttv311</c> or <c>mqttv5</c>.</param>
    public MosquittoClient(ServerProcess server, string tenant, string device, string token, string protocol)
    {
        _root = $"mdm/v1/{tenant}/{device}";

        // The token goes into the files that the clients read their options from: a command line is everybody's to read.
        string[] options =
        [
            "-h 127.0.0.1", $"-p {server.MqttPort.ToString(CultureInfo.InvariantCulture)}", $"-V {protocol}", "-q 1",
            $"-i {tenant}:{device}", $"-u {tenant}:{device}", $"-P {token}",
        ];
        foreach (var program in new[] { "mosquitto_rr", "mosquitto_sub", "mosquitto_pub" })
        {
            File.WriteAllLines(Path.Combine(_configuration.FullName, program), options);
        }
    }

    /// <summary>Checks in and returns the answer.</summary>
    public async Task<string> CheckInAsync(string payload)
    {
        string[] topics = ["-t", $"{_root}/up/checkin", "-e", $"{_root}/dn/checkin"];
        await using var request = Start("mosquitto_rr", [.. topics, "-m", payload, "-W", "20"]);
        return await OutputAsync(request);
    }

    /// <summary>Waits for one command; the topic and the payload, with a blank between.</summary>
    public ChildProcess Subscribe() => Start("mosquitto_sub", "-t", $"{_root}/dn/command/#", "-C", "1", "-v", "-W", "30");

    /// <summary>What the client tells of its conversation, with the reason code of each PUBACK (<c>RC:</c>).</summary>
    public async Task<string> ReportAsync(string command, string payload)
    {
        await using var report = Start("mosquitto_pub", "-d", "-t", $"{_root}/up/command/{command}", "-m", payload);
        return await OutputAsync(report);
    }

    public static async Task<string> OutputAsync(ChildProcess client)
    {
        var exitCode = await client.ExitAsync(Patience);
        return exitCode == 0 ? client.Output : throw client.Failure($"ended with {exitCode}");
    }

    public void Dispose() => _configuration.Delete(recursive: true);

    private ChildProcess Start(string program, params string[] arguments) =>
        ChildProcess.Start(program, arguments, [new("XDG_CONFIG_HOME", _configuration.FullName)]);
}
