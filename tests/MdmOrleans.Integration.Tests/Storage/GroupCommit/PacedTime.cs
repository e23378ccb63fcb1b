using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Storage.GroupCommit;

/// <summary>A fake clock that tells of every timer, so that a test moves it only when somebody waits for it.</summary>
internal sealed class PacedTime : FakeTimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250); // of a back-off that begins with ten
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime <= LongestPause)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Lets each short pause pass as soon as it begins, until <paramref name="task"/> has ended, whichever way.</summary>
    public async Task PassPausesUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            var pause = _pauses.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask();
            await Task.WhenAny(task, pause);
            while (_pauses.Reader.TryRead(out var due))
            {
                Advance(due);
            }
        }
    }
}
