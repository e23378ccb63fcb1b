using System.Threading.Channels;

namespace MdmOrleans.Agent.Sdk;

/// <summary>Something is there to be looked at: set any number of times, it wakes one waiter once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>A wait that is canceled leaves the signal set.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _set.Reader.ReadAsync(cancellationToken);

    public void Reset() => _set.Reader.TryRead(out _);
}
