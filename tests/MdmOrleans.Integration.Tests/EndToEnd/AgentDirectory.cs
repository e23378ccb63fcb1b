using System.Globalization;
using System.Runtime.Versioning;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>Where an agent keeps its state and finds its hooks.</summary>
[SupportedOSPlatform("linux")]
internal sealed class AgentDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-agent-");

    private string Hooks => Path.Combine(_directory.FullName, "hooks");

    public void AddHook(string kind, string script)
    {
        Directory.CreateDirectory(Hooks);
        var path = Path.Combine(Hooks, kind);
        File.WriteAllText(path, script + "\n");
        File.SetUnixFileMode(path, OwnerOnly);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(_directory.FullName, file));

    /// <summary>Lets the group of the directory change what is in it.</summary>
    public void ShareHooks() => File.SetUnixFileMode(Hooks, OwnerOnly | UnixFileMode.GroupWrite);

    public ChildProcess Start(ServerProcess server, string tenant, string device, string token) =>
        Start($"mqtt://127.0.0.1:{server.MqttPort.ToString(CultureInfo.InvariantCulture)}", tenant, device, token);

    public ChildProcess Start(string endpoint, string tenant, string device, string token) => ChildProcess.Start(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "MdmOrleans.Agent.dll"), "run",
            "--endpoint", endpoint,
            "--tenant", tenant, "--device", device, "--state", Path.Combine(_directory.FullName, "state"), "--hooks", Hooks,
        ],
        [new("MDM_TOKEN", token)]);

    public void Dispose() => _directory.Delete(recursive: true);
}
