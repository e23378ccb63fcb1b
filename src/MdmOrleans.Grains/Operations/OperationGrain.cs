using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Operations;
using MdmOrleans.Grains.States;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Operations;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.OperationState")]
internal sealed record OperationState
{
    [Id(0)]
    public Operation? Operation { get; init; }

    /// <summary>How far the history has been read: what is behind it, the slices have not stored.</summary>
    [Id(1)]
    public EventCursor? Read { get; init; }
}

/// <summary>Works in pulses of a second while it is under way: hears, asks, counts, decides, stores.</summary>
/// <remarks>Whatever a crash forgets is asked again, which the idempotency key makes harmless, or told again by the history.</remarks>
[GrainType("mdm.operation")]
internal sealed partial class OperationGrain(
    [Stored("operation")] StoredState<OperationState> state,
    IDeviceQueries queries,
    IEventStream events,
    TimeProvider time,
    ILogger<OperationGrain> logger)
    : Grain, IOperationGrain, IRemindable
{
    /// <summary>How long an operation may rest after the death of its silo, once that was noticed. There are few reminders of this kind.</summary>
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(15);

    private const string ReminderName = "go on";
    private const int Batch = 250; // at work at once: more of them would only wait, and everybody else behind them
    private const int NewsPage = 1000;
    private const int NewsPagesAtOnce = 20;
    private static readonly ImmutableArray<string> Kinds = [EventKinds.CommandStatusChanged, EventKinds.ComplianceChanged];
    private static readonly ILookup<int, OperationNews> NoNews = Array.Empty<OperationNews>().ToLookup(_ => 0);
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAllowance = TimeSpan.FromSeconds(2); // a pulse that was late is made up for, an hour is not
    private static readonly TimeSpan CursorLife = TimeSpan.FromSeconds(10); // reading a little again costs less than storing every step

    private OperationSlices _slices = null!; // set in OnActivateAsync, as is the id
    private OperationId _id;
    private OperationPlanner? _planner;
    private IGrainTimer? _timer;
    private DateTimeOffset? _pulsedAt;
    private DateTimeOffset _storedAt;
    private double _allowance;
    private bool _hasMore;
    private bool _isAccepting;
    private OperationState? _progress;

    // Counts run ahead of what is stored for a few seconds: whatever a crash forgets of them is counted again.
    private Operation? Current => (_progress ?? state.Value).Operation;

    private bool IsPlanning => Current is { IsPlanned: false, Status: OperationStatus.Running };

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = OperationId.Parse(this.GetPrimaryKeyString());
        _slices = new OperationSlices(GrainFactory);
        Start();
        return Task.CompletedTask;
    }

    public async Task<Outcome<Operation>> AcceptAsync(OperationRequest request, CancellationToken cancellationToken)
    {
        if (Current is { } known)
        {
            return known.Request.AsksTheSame(request) ? known : ProblemCatalog.IdempotencyKeyReused;
        }

        _isAccepting = true;
        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
        var read = await events.FindEndAsync(_id.Tenant, cancellationToken);
        var operation = await StoreAsync(OperationRules.Accept(_id, request, time.GetInstant()), read);
        Start();
        LogStep(_id, OperationSteps.Started, request.Command.Actor);
        return operation;
    }

    public Task<Operation?> ReadAsync(CancellationToken cancellationToken)
    {
        DropIfUnknown();
        return Task.FromResult(Current);
    }

    public Task<Outcome<Operation>> PauseAsync(string actor, CancellationToken cancellationToken) =>
        ChangeAsync(operation => OperationRules.Pause(operation, actor, time.GetInstant()));

    public Task<Outcome<Operation>> ResumeAsync(string actor, CancellationToken cancellationToken) =>
        ChangeAsync(operation => OperationRules.Resume(operation, actor, time.GetInstant()));

    public Task<Outcome<Operation>> CancelAsync(string actor, CancellationToken cancellationToken) =>
        ChangeAsync(operation => OperationRules.Cancel(operation, actor, time.GetInstant()));

    public Task<Outcome<Operation>> AdjustAsync(OperationChange change, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(operation => OperationRules.Adjust(operation, change, actor, time.GetInstant()));

    public async Task PulseAsync(CancellationToken cancellationToken)
    {
        do
        {
            await WorkAsync(cancellationToken);
        }
        while (IsPlanning);
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var slice in Enumerable.Range(0, Current is { IsPlanned: true } operation ? operation.Slices.Length : 0))
        {
            await GrainFactory.GetGrain<IOperationSlice>(_id.Slice(slice)).ClearAsync(cancellationToken);
        }

        await state.ClearAsync();
        DeactivateOnIdle();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_timer is null && !_isAccepting && await this.GetReminder(ReminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder); // to wake it was all that it was for
            DeactivateOnIdle();
        }
    }

    private void Start()
    {
        if (Current is { } operation && !operation.Status.IsSettled())
        {
            _timer ??= this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Pulse) { KeepAlive = true });
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(cancellationToken);
            if (IsPlanning || _hasMore)
            {
                _timer?.Change(TimeSpan.Zero, Pulse);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // the next pulse does it again
        {
            LogDelayed(e, _id);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        _hasMore = false;
        var after = Current switch
        {
            { IsPlanned: true, Status: not (OperationStatus.Canceled or OperationStatus.Completed) } operation =>
                await PulseAsync(operation, cancellationToken),
            { IsPlanned: false, Status: OperationStatus.Running } operation => await PlanAsync(operation, cancellationToken),
            { IsPlanned: false, Status: OperationStatus.Canceling } operation =>
                await StoreAsync(operation with { Status = OperationStatus.Canceled, AsOf = time.GetInstant() }),
            var operation => operation,
        };
        if (after?.Status.IsSettled() != false)
        {
            _timer?.Dispose();
            _timer = null; // the reminder finds nothing to wake, and goes
        }
    }

    private async Task<Operation> PlanAsync(Operation operation, CancellationToken cancellationToken)
    {
        var planner = _planner ??= new OperationPlanner(_id, operation.Request.Filter, queries, GrainFactory);
        if (!await planner.StepAsync(cancellationToken))
        {
            return operation;
        }

        _planner = null;
        LogPlanned(_id, planner.Devices);
        return await StoreAsync(OperationRules.Plan(operation, planner.Devices, planner.Slices, time.GetInstant()));
    }

    private async Task<Operation> PulseAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (before, startedAt) = (operation.Status, time.GetUtcNow());
        var (news, read) = await HearAsync(operation, cancellationToken);
        Earn(operation.Request.RatePerSecond, startedAt);
        do
        {
            operation = await RoundAsync(operation, news, read, cancellationToken);
            news = NoNews;
        }
        while (_hasMore && time.GetUtcNow() - startedAt < Pulse);

        if (operation.Status != before && operation.Status != OperationStatus.Canceled) // that it is to be was told
        {
            LogStep(_id, operation.Steps[^1].Kind, operation.Steps[^1].Actor);
        }

        return operation;
    }

    private async Task<Operation> RoundAsync(
        Operation before, ILookup<int, OperationNews> news, EventCursor? read, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var asking = OperationRules.Ask(before, Math.Min((int)_allowance, Batch - _slices.InFlight), now);
        _allowance -= asking.Asked - before.Asked;
        var (called, isQuiet) = await _slices.AdvanceAsync(asking, news, now, cancellationToken);
        var after = OperationRules.Advance(asking, _slices.Tally, now);
        if (after.Status == OperationStatus.Canceling && isQuiet)
        {
            after = after with { Status = OperationStatus.Canceled };
        }

        if (called > 0 || after.Status != before.Status || after.Waves != before.Waves || now - _storedAt > CursorLife)
        {
            await StoreAsync(after, read); // the slices have stored what was before it
        }
        else
        {
            _progress = new OperationState { Operation = after, Read = read };
        }

        _hasMore = after.Status == OperationStatus.Canceling ? called > 0 : asking.Asked > before.Asked && _allowance >= 1;
        return after;
    }

    private void Earn(int rate, DateTimeOffset now)
    {
        var since = now - _pulsedAt ?? Pulse;
        var passed = since < TimeSpan.Zero ? Pulse : since < LongestAllowance ? since : LongestAllowance; // the clock may have been set back
        _pulsedAt = now;
        _allowance = Math.Min(_allowance + (rate * passed.TotalSeconds), rate * LongestAllowance.TotalSeconds);
    }

    private async Task<(ILookup<int, OperationNews> News, EventCursor? Read)> HearAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (heard, read) = (new List<(int Slice, OperationNews News)>(), (_progress ?? state.Value).Read);
        EventPage? page = null;
        for (var i = 0; i < NewsPagesAtOnce && page?.HasMore != false; i++)
        {
            page = (await events.ReadAsync(_id.Tenant, read, Kinds, NewsPage, cancellationToken)).Value;
            if (page is null) // it was asleep for longer than events are kept: the waves that miss some end by time
            {
                LogDeaf(_id);
                read = await events.FindEndAsync(_id.Tenant, cancellationToken);
                break;
            }

            read = page.Next;
            heard.AddRange(page.Events.Select(OperationNews.Of).OfType<OperationNews>().Select(news => (SliceOf(operation, news.Device), news)));
        }

        return (heard.ToLookup(told => told.Slice, told => told.News), read);
    }

    private static int SliceOf(Operation operation, string device)
    {
        var found = operation.Slices.BinarySearch(WaveRules.PlaceOf(operation.Id.Value, device));
        return found >= 0 ? found : ~found - 1;
    }

    private async Task<Outcome<Operation>> ChangeAsync(Func<Operation, Outcome<Operation>> change)
    {
        if (Current is not { } before)
        {
            DropIfUnknown();
            return ProblemCatalog.OperationNotFound;
        }

        var outcome = change(before);
        if (outcome.Value is { } after && !ReferenceEquals(after, before))
        {
            await StoreAsync(after);
            LogStep(_id, after.Steps[^1].Kind, after.Steps[^1].Actor);
        }

        return outcome;
    }

    // Whoever tries ids must not fill the memory with grains.
    private void DropIfUnknown()
    {
        if (Current is null && !_isAccepting)
        {
            DeactivateOnIdle();
        }
    }

    private Task<Operation> StoreAsync(Operation operation) => StoreAsync(operation, (_progress ?? state.Value).Read);

    private async Task<Operation> StoreAsync(Operation operation, EventCursor? read)
    {
        _storedAt = time.GetUtcNow();
        await state.WriteAsync(new OperationState { Operation = operation, Read = read });
        _progress = null;
        return operation;
    }

    [LoggerMessage(1501, LogLevel.Information, "Operation {Operation} was {Step} by {Actor}")]
    private partial void LogStep(OperationId operation, string step, string actor);

    [LoggerMessage(1502, LogLevel.Information, "Operation {Operation} has its devices: {Devices}")]
    private partial void LogPlanned(OperationId operation, int devices);

    [LoggerMessage(1503, LogLevel.Warning, "Operation {Operation} is delayed and resumes by itself")]
    private partial void LogDelayed(Exception exception, OperationId operation);

    [LoggerMessage(1504, LogLevel.Warning, "Operation {Operation} was interrupted for longer than the history is kept, so some reports are lost to it")]
    private partial void LogDeaf(OperationId operation);
}
