using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>Fake time that tells when somebody begins to wait, so that a test knows when to let it pass.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns when the next timer of this length has been set.</summary>
    public async Task TimerSetAsync(TimeSpan length)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon() != length)
        {
        }
    }
}
