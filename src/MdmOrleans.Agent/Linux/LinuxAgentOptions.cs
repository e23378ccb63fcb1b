using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Agent.Sdk;

namespace MdmOrleans.Agent.Linux;

/// <summary>What the agent of a Linux machine needs to know.</summary>
public sealed class LinuxAgentOptions
{
    public required DeviceClientOptions Connection { get; init; }

    public HookOptions Hooks { get; init; } = new();

    /// <summary>Where the files of the machine begin; another one is for tests.</summary>
    public string SystemRoot { get; init; } = "/";
}
