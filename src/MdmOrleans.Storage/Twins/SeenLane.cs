using System.Runtime.InteropServices;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Twins;

/// <summary>
/// Remembers when devices were last heard of and writes it behind their backs: the newest of each device, every two seconds,
/// so that it is stored within five. One entry a device, however long the database is away.
/// </summary>
internal sealed partial class SeenLane : IAsyncDisposable
{
    private const int BatchSize = 1024;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ISeenWriter _writer;
    private readonly StorageInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;
    private Dictionary<DeviceId, LastSeen> _pending = [];
    private Dictionary<DeviceId, LastSeen> _flushing = [];
    private volatile bool _failing;
    private long _flushedAt; // when the last flush began that stored everything

    public SeenLane(ISeenWriter writer, StorageInstruments instruments, TimeProvider time, ILogger<SeenLane> logger)
    {
        _writer = writer;
        _instruments = instruments;
        _time = time;
        _logger = logger;
        instruments.ObserveQueue("seen", () => _pending.Count);
        _flushedAt = time.GetTimestamp();
        _timer = new PeriodicTimer(Period, time);
        _loop = Task.Run(FlushPeriodicallyAsync);
    }

    /// <summary>False, and nothing is remembered, while the lane is behind its promise because the database does not take what it has.</summary>
    public bool TryTouch(DeviceId id, LastSeen seen)
    {
        if (_failing && _time.GetElapsedTime(Volatile.Read(ref _flushedAt)) > Promise)
        {
            return false;
        }

        lock (_gate)
        {
            ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, id, out _);
            newest = LastSeen.Later(newest, seen);
        }

        return true;
    }

    /// <summary>What is not stored yet; null when everything is.</summary>
    public LastSeen? Peek(DeviceId id)
    {
        lock (_gate)
        {
            return LastSeen.Later(_pending.GetValueOrDefault(id), _flushing.GetValueOrDefault(id));
        }
    }

    /// <summary>The twin with what it was last heard of, if that is not stored yet.</summary>
    public Device Refresh(Device device) =>
        Peek(device.Id) is { } newer && newer.SeenAt >= device.CreatedAt ? device with { Seen = LastSeen.Later(device.Seen, newer) } : device;

    public void Forget(DeviceId id)
    {
        lock (_gate)
        {
            _pending.Remove(id);
            _flushing.Remove(id);
        }
    }

    /// <summary>Stores what is pending, or says how much of it is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await FlushAsync();
        if (_pending.Count > 0)
        {
            LogLost(_pending.Count);
        }

        _timer.Dispose();
        _stopping.Dispose();
    }

    private async Task FlushPeriodicallyAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stopping.Token))
            {
                await FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed; what is pending is flushed there.
        }
    }

    private async Task FlushAsync()
    {
        lock (_gate)
        {
            (_pending, _flushing) = (_flushing, _pending); // the one that was flushed is empty by now
        }

        var startedAt = _time.GetTimestamp();
        KeyValuePair<DeviceId, LastSeen>[] all = [.. _flushing];
        var isStored = true;
        for (var start = 0; isStored && start < all.Length; start += BatchSize)
        {
            // After a failure the rest would fail as well; the next tick tries again.
            isStored = await TryWriteAsync(new ArraySegment<KeyValuePair<DeviceId, LastSeen>>(all, start, Math.Min(BatchSize, all.Length - start)));
        }

        GiveBack();
        if (isStored)
        {
            Volatile.Write(ref _flushedAt, startedAt);
            _failing = false;
        }
    }

    /// <returns>False when the database does not take it now. A row that it never will is left out: the others must not wait for it.</returns>
    private async Task<bool> TryWriteAsync(ArraySegment<KeyValuePair<DeviceId, LastSeen>> batch)
    {
        var startedAt = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(Patience, _time);
        try
        {
            await _writer.WriteAsync(batch, timeout.Token).WaitAsync(Patience, _time);
        }
        catch (Exception e) // kept and tried again, whatever it was
        {
            var fault = e is OperationCanceledException or TimeoutException ? BatchFault.Transient : _writer.Classify(e);
            _instruments.Failed("seen", fault);
            if (fault is BatchFault.Poisoned)
            {
                return await HalveAsync(batch, e);
            }

            if (!_failing)
            {
                LogFailing(e);
            }

            _failing = true;
            return false;
        }

        _instruments.Committed("seen", batch.Count, _time.GetElapsedTime(startedAt));
        Settle(batch);
        return true;
    }

    private async Task<bool> HalveAsync(ArraySegment<KeyValuePair<DeviceId, LastSeen>> batch, Exception exception)
    {
        if (batch is [var (id, _)])
        {
            LogPoisoned(exception, id);
            Settle(batch);
            return true;
        }

        return await TryWriteAsync(batch[..(batch.Count / 2)]) && await TryWriteAsync(batch[(batch.Count / 2)..]);
    }

    private void Settle(ArraySegment<KeyValuePair<DeviceId, LastSeen>> batch)
    {
        lock (_gate)
        {
            foreach (var (id, _) in batch)
            {
                _flushing.Remove(id);
            }
        }
    }

    /// <summary>What could not be written is pending again, under what came meanwhile.</summary>
    private void GiveBack()
    {
        lock (_gate)
        {
            foreach (var (id, seen) in _flushing)
            {
                ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, id, out _);
                newest = LastSeen.Later(newest, seen);
            }

            _flushing.Clear();
        }
    }
}
