using System.Threading.Channels;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>What happened, in order, to be waited for.</summary>
internal sealed class Signal<T>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    public int Count => _channel.Reader.Count;

    public void Add(T value) => _channel.Writer.TryWrite(value);

    public async Task<T> NextAsync() =>
        await _channel.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
}
