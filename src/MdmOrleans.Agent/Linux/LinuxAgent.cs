using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Agent.Linux.Posture;
using MdmOrleans.Agent.Sdk;

namespace MdmOrleans.Agent.Linux;

/// <summary>The agent of this machine: its real posture, and commands through hooks. By itself it changes nothing on the machine.</summary>
public sealed class LinuxAgent(LinuxAgentOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Runs until <paramref name="stop"/>, or until the server will not have this machine.</summary>
    /// <exception cref="IOException">The journal cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">Somebody else could change a hook; the message is a sentence that names the file.</exception>
    public async Task<DeviceClientEnd> RunAsync(CancellationToken stop)
    {
        if (options.Hooks.Directory is { } directory && FileTrust.FlawOfAll(directory) is { } flaw)
        {
            throw new InvalidDataException(flaw);
        }

        var connection = options.Connection;
        var hooks = new HookCommands(options.Hooks, connection.Tenant, connection.Device, time, logger);
        using var client = new DeviceClient(connection, new LinuxPosture(new SystemRoot(options.SystemRoot)), hooks, time, logger);
        return await client.RunAsync(stop);
    }
}
