using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Sdk;

/// <summary>Says what the device is like now.</summary>
public interface IPostureSource
{
    /// <summary>
    /// The whole posture, each time. What cannot be known is left out, never guessed. The client fills in <c>rid</c>, <c>boot</c>,
    /// <c>seq</c> and <c>at</c>, and leaves out the apps and attributes that the server already has.
    /// </summary>
    ValueTask<CheckInMessage> ReadAsync(CancellationToken cancellationToken);
}
