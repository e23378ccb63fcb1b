using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core;
using MdmOrleans.Core.Clocks;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>One of 256: looks a little ahead in the index of due instants, waits for each, and has the device act.</summary>
/// <remarks>
/// It keeps nothing, so that two of them at a time do no harm: a device acts on what is due and on nothing else. Everything
/// happens in <see cref="Pump"/>, which runs whenever something may have changed and waits for nothing.
/// </remarks>
[GrainType("mdm.deadlines"), Reentrant, PreferLocalPlacement]
internal sealed partial class DeadlineShardGrain(
    IDueDevices due,
    DeadlineGate gate,
    SleepingTwins sleeping,
    TwinHandover handover,
    DeadlineInstruments instruments,
    IClockGuard clock,
    TimeProvider time,
    ILogger<DeadlineShardGrain> logger)
    : Grain, IDeadlineShard, IRemindable, IDisposable
{
    private const string ReminderName = "keep";
    private const int PageSize = 64;
    private const int MaxActing = 16;
    private static readonly TimeSpan LookPeriod = DeadlineShards.Horizon / 2;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly DueSchedule _schedule = new();
    private readonly List<(int Look, TaskCompletionSource Done)> _settling = [];
    private IGrainTimer _timer = null!; // set in OnActivateAsync, before anything pumps
    private int _shard;

    // One look goes page by page up to its horizon; a page is read when the one before is nearly worked off.
    private bool _isReading;
    private bool _isLooking;
    private bool _isBlind;
    private int _looks;
    private int _askedLook; // a look that began before does not count
    private DueDevice? _cursor;
    private DateTimeOffset _lookedAt;
    private DateTimeOffset _nextLookAt;
    private DateTimeOffset _reportedAt;
    private DateTimeOffset _pumpedAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = (int)this.GetPrimaryKeyLong();
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _timer = this.RegisterGrainTimer(
            _ =>
            {
                Pump();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        EnsureReminderAsync().Ignore(); // says itself what went wrong
        Pump();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        instruments.Waits(_shard, null);
        foreach (var (_, done) in _settling)
        {
            done.TrySetCanceled(CancellationToken.None);
        }
    }

    public void Dispose() => _stopping.Dispose();

    public Task SoonerAsync(DeviceId device, DateTimeOffset dueAt)
    {
        _schedule.Add(device, dueAt);
        Pump();
        return Task.CompletedTask;
    }

    public Task LookAsync()
    {
        _askedLook = _looks + 1;
        Pump();
        return Task.CompletedTask;
    }

    public Task KeepAsync(SiloAddress silo)
    {
        if (!silo.Equals(GrainContext.Address.SiloAddress))
        {
            MigrateOnIdle(); // to where the caller's placement hint says
        }

        return Task.CompletedTask;
    }

    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _settling.Add((_looks + 1, done)); // a look that has begun already may have missed what is stored by now
        _ = LookAsync();
        await done.Task.WaitAsync(cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Pump();
        return Task.CompletedTask;
    }

    private void Pump()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        if (clock.IsSuspended)
        {
            ReleaseAll(); // a wrong clock makes nothing due
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            return;
        }

        var now = time.GetUtcNow();
        if (_pumpedAt - now > Pause)
        {
            _schedule.Clear(); // the clock was set back: nobody waits for an hour that was
            (_nextLookAt, _reportedAt, _isLooking, _cursor) = (now, now, false, null);
        }

        _pumpedAt = now;
        while (_schedule.Acting < MaxActing && _schedule.TakeDue(now) is { } entry)
        {
            ActAsync(entry).Ignore(); // catches whatever happens
        }

        if (!_isReading && (_isLooking ? _schedule.Fresh < PageSize / 2 : _nextLookAt <= now || IsLookAsked()))
        {
            LookAsync(now).Ignore(); // catches whatever happens
        }

        ReleaseSettled(now);
        Report(now);
        Arm(now);
    }

    // A database that is away is not asked in a loop.
    private bool IsLookAsked() => !_isBlind && _askedLook > _looks;

    private async Task ActAsync(DueEntry entry)
    {
        var (outcome, hasFailed, startedAt) = (default(DueOutcome), false, DateTimeOffset.MinValue);
        await gate.EnterAsync(entry.DueAt);
        try
        {
            startedAt = time.GetUtcNow();
            outcome = entry.Twin is { } twin && await sleeping.TryActAsync(twin, entry.DueAt) is { } acted ? acted : await WakeAsync(entry);
            hasFailed = outcome.NextDueAt <= startedAt || outcome.Problem is { Kind: not ProblemKind.NotFound };
            if (hasFailed)
            {
                LogStillDue(entry.Id, entry.DueAt, outcome.Problem?.Code);
            }
        }
        catch (Exception e) // one device must not stop its shard
        {
            hasFailed = true;
            LogFailed(e, entry.Id, entry.DueAt, entry.Failures + 1);
        }
        finally
        {
            gate.Leave();
        }

        Settle(entry, outcome, hasFailed);
        Pump();
    }

    private async Task<DueOutcome> WakeAsync(DueEntry entry)
    {
        try
        {
            if (entry.Twin is { } twin)
            {
                handover.Offer(twin, entry.Generation);
            }

            return await GrainFactory.GetGrain<IDeviceDeadlines>(entry.Id.ToString()).ActAsync(entry.DueAt, entry.Version, CancellationToken.None);
        }
        finally
        {
            handover.Take(entry.Id);
        }
    }

    private void Settle(DueEntry entry, DueOutcome outcome, bool hasFailed)
    {
        var now = time.GetUtcNow();
        if (hasFailed)
        {
            instruments.Failed();
            _schedule.Fail(entry, now);
        }
        else
        {
            _schedule.Complete(entry, outcome.NextDueAt < now + DeadlineShards.Horizon ? outcome.NextDueAt : null);
        }
    }

    private async Task LookAsync(DateTimeOffset now)
    {
        _isReading = true;
        if (!_isLooking)
        {
            (_isLooking, _cursor, _lookedAt) = (true, null, now);
            _looks++;
        }

        try
        {
            await ReadPageAsync();
            _isBlind = false;
        }
        catch (Exception e) // the database is away, or it is our own bug: in both cases the devices stay due
        {
            if (!_isBlind && !_stopping.IsCancellationRequested)
            {
                LogBlind(e, _shard);
            }

            (_isBlind, _isLooking, _nextLookAt) = (true, false, time.GetUtcNow() + Pause);
        }

        _isReading = false;
        Pump();
    }

    private async Task ReadPageAsync()
    {
        await gate.Reading.WaitAsync(_stopping.Token);
        try
        {
            var generation = handover.Generation;
            var page = await due.ReadAsync(_shard, _lookedAt + DeadlineShards.Horizon, _cursor, PageSize, _stopping.Token);
            foreach (var device in page)
            {
                _schedule.Add(device, generation);
            }

            (_isLooking, _cursor, _nextLookAt) = (page.Length == PageSize, page is [.., var last] ? last : null, _lookedAt + LookPeriod);
        }
        finally
        {
            gate.Reading.Release();
        }
    }

    private void ReleaseSettled(DateTimeOffset now)
    {
        if (_settling.Count > 0 && !_isReading && !_isLooking && !_isBlind && _schedule.Acting == 0 && !(_schedule.NextAt <= now))
        {
            foreach (var (_, done) in _settling.Where(waiting => waiting.Look <= _looks))
            {
                done.TrySetResult();
            }

            _settling.RemoveAll(waiting => waiting.Look <= _looks);
        }
    }

    private void ReleaseAll()
    {
        foreach (var (_, done) in _settling)
        {
            done.TrySetResult();
        }

        _settling.Clear();
    }

    private void Report(DateTimeOffset now)
    {
        if (now - _reportedAt >= Pause)
        {
            _reportedAt = now;
            instruments.Waits(_shard, _schedule.OldestDueAt);
        }
    }

    private void Arm(DateTimeOffset now)
    {
        var next = _schedule.Acting < MaxActing ? _schedule.NextAt : null;
        next = _isReading || _isLooking || next <= _nextLookAt ? next : _nextLookAt;
        var delay = next is { } at ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (at - now).TotalMilliseconds))) : Timeout.InfiniteTimeSpan;
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private async Task EnsureReminderAsync()
    {
        try
        {
            if (await this.GetReminder(ReminderName) is null)
            {
                await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
            }
        }
        catch (Exception e) // the silo wakes it anyway, and the next activation tries again
        {
            LogNoReminder(e, _shard);
        }
    }
}
