using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Sdk;

/// <summary>Hears what happens to a device. Called on the client's own tasks: be quick, and do not throw.</summary>
public interface IDeviceObserver
{
    static IDeviceObserver Nobody { get; } = new NobodyObserver();

    void Connected()
    {
    }

    /// <param name="reason">For people.</param>
    void Disconnected(string reason)
    {
    }

    /// <param name="took">From the first attempt to send the check-in to its verdict.</param>
    void Answered(CheckInAnswer answer, TimeSpan took)
    {
    }

    /// <summary>Something was refused, or a connection failed.</summary>
    /// <param name="code">A reason code such as <c>0x89</c>, the code of a problem document, or <c>unreachable</c>.</param>
    void Refused(string code)
    {
    }

    private sealed class NobodyObserver : IDeviceObserver;
}
