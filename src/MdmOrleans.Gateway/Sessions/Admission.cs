namespace MdmOrleans.Gateway.Sessions;

/// <summary>Bounds the calls to twins that wait for their answer. Orleans' own load shedding does not see callers in the same process.</summary>
internal sealed class Admission(int limit)
{
    private int _inFlight;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) <= limit)
        {
            return true;
        }

        Exit();
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _inFlight);
}
