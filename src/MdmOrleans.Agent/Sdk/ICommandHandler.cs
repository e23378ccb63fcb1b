using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk;

/// <summary>Does what a command asks for.</summary>
public interface ICommandHandler
{
    /// <summary>
    /// Runs one command. Called once for an id, unless the outcome was <see cref="CommandOutcome.NotNow"/>. <c>checkInNow</c> and
    /// <c>collectInventory</c> do not come here: the client does them. Urgent commands (wipe, lock, lost mode) do not wait for a slow one
    /// of another kind, so two calls may overlap.
    /// </summary>
    /// <param name="cancellationToken">Canceled when the agent stops. A command that is cut off is reported as failed after the restart.</param>
    Task<CommandOutcome> RunAsync(DeliveredCommand command, CancellationToken cancellationToken);
}
