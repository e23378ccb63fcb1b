using System.Runtime.InteropServices;

namespace MdmOrleans.Server.Hosting;

/// <summary>SIGTERM and Ctrl+C, from the first line of the program on.</summary>
/// <remarks>
/// The host listens only once it starts. Before that the signal would kill the process in the middle of a migration, and while it
/// starts the canceled start would end as a crash.
/// </remarks>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
    ];

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // the process ends by itself, in order
        _ = _source.CancelAsync();
    }
}
