namespace MdmOrleans.Benchmarks.Load;

/// <summary>What the loops of a run share: whether they count, whether it is over, and where to write.</summary>
internal sealed class LoadWindow(Journal? journal)
{
    private volatile bool _isRecording;
    private volatile bool _isOver;

    public Journal? Journal => journal;

    public bool IsRecording
    {
        get => _isRecording;
        set => _isRecording = value;
    }

    public bool IsOver => _isOver;

    public void End() => _isOver = true;
}
