namespace MdmOrleans.Gateway.Sessions;

/// <summary>How many twins are told at a time that their connection was lost; each stores an event. The others wait for their turn.</summary>
/// <remarks>Those that wait are bounded by the connections that this gateway had; one that has waited too long is not recorded.</remarks>
internal sealed class LossGate : IDisposable
{
    public const int AtATime = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _places = new(AtATime);

    public Task<bool> TryEnterAsync() => _places.WaitAsync(Patience);

    public void Exit() => _places.Release();

    public void Dispose() => _places.Dispose();
}
