namespace MdmOrleans.Agent.Linux.Commands;

/// <summary>Where the scripts lie that do what commands ask for.</summary>
public sealed record HookOptions
{
    /// <summary>Holds an executable named by the kind of each command that this machine takes, e.g. <c>lock</c>. Null: it takes none.</summary>
    /// <remarks>It and the executables belong to the agent's user or to root, and nobody else may write to them.</remarks>
    public string? Directory { get; init; }

    /// <summary>A hook that runs longer is killed, and its command has failed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What a hook gets to end by itself when the agent stops.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
