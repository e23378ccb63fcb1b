using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>Devices that are written without pause, each version with one event of its number, and what of it was acknowledged.</summary>
internal sealed class WriteLoad
{
    private readonly StorageHost _host;
    private readonly long[] _acknowledged;
    private readonly Task _writers;
    private long _total;
    private volatile bool _stopping;
    private (long Total, TaskCompletionSource Reached) _milestone = (long.MaxValue, new TaskCompletionSource());

    public WriteLoad(StorageHost host, int devices)
    {
        _host = host;
        _acknowledged = new long[devices];
        _writers = Task.WhenAll(Enumerable.Range(0, devices).Select(i => Task.Run(() => WriteAsync(i))));
    }

    /// <summary>Completes when that many more writes are acknowledged.</summary>
    public Task AcknowledgedAsync(int more)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _milestone = (Interlocked.Read(ref _total) + more, reached);
        return reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>Nothing acknowledged is lost, and no twin is without its event or an event without its twin.</summary>
    public async Task StopAndVerifyAsync()
    {
        _stopping = true;
        await _writers;
        for (var i = 0; i < _acknowledged.Length; i++)
        {
            await VerifyAsync(_host, Id(i), _acknowledged[i]);
        }
    }

    public static async Task VerifyAsync(StorageHost host, DeviceId id, long acknowledged)
    {
        var device = await host.Store.FindAsync(id, TestContext.Current.CancellationToken);
        Assert.InRange(device!.Version, acknowledged, acknowledged + 1);
        var events = new List<long>();
        while (await host.Queries.ReadEventsAsync(id, events.LastOrDefault(), 1000, TestContext.Current.CancellationToken) is { IsEmpty: false } page)
        {
            events.AddRange(page.Select(@event => @event.Number));
        }

        Assert.Equal(Enumerable.Range(1, (int)device.Version).Select(number => (long)number), events);
    }

    private static DeviceId Id(int i) => DeviceId.Parse($"load/tablet-{i}");

    private async Task WriteAsync(int i)
    {
        Device? device = null;
        while (!_stopping)
        {
            var next = device?.Next() ?? ADevice(Id(i).ToString());
            try
            {
                if (await _host.Store.SaveAsync(device, next, [AnEvent(next.Version)], CancellationToken.None) is SaveOutcome.Saved)
                {
                    device = next;
                    _acknowledged[i] = next.Version;
                    CountOne();
                    continue;
                }

                device = await _host.Store.FindAsync(next.Id, CancellationToken.None);
            }
            catch (StorageUnavailableException)
            {
                device = await ReloadAsync(next.Id);
            }
        }
    }

    private async Task<Device?> ReloadAsync(DeviceId id)
    {
        while (!_stopping)
        {
            try
            {
                return await _host.Store.FindAsync(id, CancellationToken.None);
            }
            catch (StorageUnavailableException)
            {
                // Paced by the store, which takes its time to say so.
            }
        }

        return null;
    }

    private void CountOne()
    {
        var (total, reached) = _milestone;
        if (Interlocked.Increment(ref _total) >= total)
        {
            reached.TrySetResult();
        }
    }
}
