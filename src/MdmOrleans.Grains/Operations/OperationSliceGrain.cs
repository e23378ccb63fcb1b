using System.Collections.Immutable;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;
using MdmOrleans.Grains.States;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Operations;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.OperationSliceState")]
internal sealed record OperationSliceState
{
    /// <summary>In the order in which they are asked.</summary>
    [Id(0)]
    public OperationDevice[] Devices { get; init; } = [];
}

/// <summary>Asks each device as anybody would. One that does not answer holds up nobody: it is asked again, and given up in the end.</summary>
[GrainType("mdm.operation.slice")]
internal sealed partial class OperationSliceGrain(
    [Stored("slice")] StoredState<OperationSliceState> state, TimeProvider time, ILogger<OperationSliceGrain> logger)
    : Grain, IOperationSlice
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Who has not answered yet, and what the history told of them meanwhile: it may be about the command of the answer.
    private readonly Dictionary<int, List<OperationNews>> _inFlight = [];
    private OperationDevice[]? _devices;
    private Dictionary<string, int>? _places;
    private bool _hasChanged;

    // A copy to work on: answers come between two writes, and only what is stored is reported.
    private OperationDevice[] Devices => _devices ??= [.. state.Value.Devices];

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString().Split('/')[0]);

    public async Task FillAsync(ImmutableArray<string> devices, CancellationToken cancellationToken)
    {
        OperationDevice[] filled = [.. devices.Select(name => new OperationDevice { Name = name })];
        await state.WriteAsync(new OperationSliceState { Devices = filled });
        (_devices, _places) = ([.. filled], null);
    }

    public async Task<SliceReport> AdvanceAsync(SliceOrder order, CancellationToken cancellationToken)
    {
        foreach (var news in order.News)
        {
            Hear(news);
        }

        var now = time.GetInstant();
        var started = new List<Task>();
        for (var place = 0; place < Devices.Length; place++)
        {
            if (IsDue(place, order) && !(now < Devices[place].NotBefore) && _inFlight.TryAdd(place, []))
            {
                started.Add(CallAsync(place, order));
            }
        }

        try
        {
            await Task.WhenAll(started).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogSlow(_inFlight.Count); // they answer later, or fail
        }

        if (_hasChanged)
        {
            await WriteAsync();
        }

        var waiting = Enumerable.Range(0, Devices.Length).Where(place => IsDue(place, order) && !_inFlight.ContainsKey(place));
        DateTimeOffset? nextAt = _inFlight.Count > 0 ? now + Patience : waiting.Min(place => Devices[place].NotBefore ?? (DateTimeOffset?)now);
        return new SliceReport(OperationTally.Of(Devices), _inFlight.Count, nextAt);
    }

    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await state.ClearAsync();
        DeactivateOnIdle();
    }

    private bool IsDue(int place, SliceOrder order) =>
        order.WithdrawnBy is null ? place < order.UpTo && !Devices[place].IsAsked : Devices[place].IsWithdrawable;

    private void Hear(OperationNews news)
    {
        _places ??= Devices.Select((device, place) => (device.Name, place)).ToDictionary(d => d.Name, d => d.place, StringComparer.Ordinal);
        if (!_places.TryGetValue(news.Device, out var place))
        {
            return;
        }

        if (_inFlight.TryGetValue(place, out var early))
        {
            early.Add(news);
        }
        else
        {
            Set(place, OperationDeviceRules.Hear(Devices[place], news));
        }
    }

    private async Task CallAsync(int place, SliceOrder order)
    {
        var device = Devices[place];
        OperationDevice answered;
        try
        {
            var commands = GrainFactory.GetGrain<IDeviceCommands>($"{Tenant}/{device.Name}");
            answered = order.WithdrawnBy is { } actor ? await WithdrawAsync(commands, device, actor) : await AskAsync(commands, device, order);
        }
        catch (Exception e) // one device must not stop the others
        {
            LogFailed(e, device.Name, device.Tries + 1);
            answered = OperationDeviceRules.Miss(device, time.GetInstant());
        }

        _inFlight.Remove(place, out var early);
        Set(place, (early ?? []).Aggregate(answered, OperationDeviceRules.Hear));
    }

    private async Task<OperationDevice> AskAsync(IDeviceCommands commands, OperationDevice device, SliceOrder order) =>
        OperationDeviceRules.Answer(device, order.Command, await commands.EnqueueAsync(order.Command, CancellationToken.None), time.GetInstant());

    // What cannot be canceled any more has come to an end, and the history will tell which.
    private async Task<OperationDevice> WithdrawAsync(IDeviceCommands commands, OperationDevice device, string actor) =>
        (await commands.CancelAsync(device.Command!.Value, actor, CancellationToken.None)).Value is { } canceled // only who has one is withdrawable
            ? device with { Status = canceled.Status, Tries = 0, NotBefore = null }
            : OperationDeviceRules.Miss(device, time.GetInstant());

    private void Set(int place, OperationDevice device)
    {
        _hasChanged |= Devices[place] != device;
        Devices[place] = device;
    }

    private Task WriteAsync()
    {
        _hasChanged = false;
        return state.WriteAsync(new OperationSliceState { Devices = [.. Devices] });
    }

    [LoggerMessage(1511, LogLevel.Warning, "Device {Device} did not respond to an operation (attempt {Tries})")]
    private partial void LogFailed(Exception exception, string device, int tries);

    [LoggerMessage(1512, LogLevel.Information, "An operation goes on without the devices that respond slowly: {Devices}")]
    private partial void LogSlow(int devices);
}
