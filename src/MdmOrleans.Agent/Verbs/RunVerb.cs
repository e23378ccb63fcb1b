using MdmOrleans.Agent.Linux;
using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Agent.Sdk;

namespace MdmOrleans.Agent.Verbs;

/// <summary><c>run</c>: the agent of this machine.</summary>
internal static class RunVerb
{
    public static readonly string[] Options =
        ["endpoint", "tenant", "device", "token-file", "state", "hooks", "hook-seconds", "ca", "mqtt311"];

    public static async Task<int> RunAsync(Arguments arguments, ILoggerFactory logs, TextWriter error, CancellationToken stop)
    {
        var agent = new LinuxAgent(Read(arguments), TimeProvider.System, logs.CreateLogger("MdmOrleans.Agent"));
        var end = await agent.RunAsync(stop);
        if (end.Kind == DeviceClientEndKind.Stopped)
        {
            return 0;
        }

        await error.WriteLineAsync(end.Message);
        return 1;
    }

    private static LinuxAgentOptions Read(Arguments arguments) => new()
    {
        Connection = new DeviceClientOptions
        {
            Endpoint = arguments.GetUri("endpoint", "mqtt", "mqtts", "ws", "wss"),
            Tenant = arguments.Get("tenant"),
            Device = arguments.Get("device"),
            Token = arguments.GetSecret("token"),
            UseMqtt311 = arguments.GetFlag("mqtt311"),
            TrustedRoots = arguments.GetRoots("ca"),
            JournalPath = Path.Combine(Directory.CreateDirectory(arguments.Find("state") ?? "/var/lib/mdm-agent").FullName, "commands.jsonl"),
        },
        Hooks = new HookOptions
        {
            Directory = arguments.Find("hooks"),
            TimeLimit = TimeSpan.FromSeconds(arguments.GetNumber("hook-seconds", 600, atLeast: 1)),
        },
    };
}
