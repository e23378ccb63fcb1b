using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Api.Operations;

internal static class OperationWire
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public static OperationBody ToBody(this Operation operation) => new()
    {
        Id = operation.Id.Value,
        Version = operation.Version,
        Status = operation.StatusToWire(),
        Kind = operation.Request.Command.Kind.ToWire(),
        Parameters = new RawJson(operation.Request.Command.Parameters.Memory),
        Filter = operation.Request.Filter.ToBody(),
        RequestedBy = operation.Request.Command.Actor,
        CreatedAt = operation.CreatedAt,
        RatePerSecond = operation.Request.RatePerSecond,
        MaxFailurePercent = operation.Request.MaxFailurePercent,
        Waves = [.. operation.Waves.Select(wave => new OperationWaveBody(wave.Percent, wave.Devices, wave.StartedAt, wave.EndedAt))],
        Devices = operation.Devices,
        Counts = Enum.GetValues<CommandStatus>()
            .ToDictionary(CommandNames.ToWire, status => operation.Tally.Statuses.GetValueOrDefault(status))
            .Append(KeyValuePair.Create("refused", operation.Tally.Refusals.Values.Sum()))
            .ToDictionary(),
        Refusals = operation.Tally.Refusals,
        Failures = operation.Tally.Failed,
        NewlyNoncompliant = operation.Tally.NewlyNoncompliant,
        AsOf = operation.AsOf,
        Steps = [.. operation.Steps.Select(step => new OperationStepBody(step.At, step.Kind, step.Actor, step.Reason))],
    };

    public static DryRunBody ToDryRun(this FleetSummary fleet, OperationRequest request) => new(
        fleet.Devices,
        fleet.Lifecycle.ToDictionary(count => count.Key.ToWire(), count => count.Value),
        fleet.Platform.ToDictionary(count => count.Key.ToWire(), count => count.Value),
        [.. request.Waves.Select(percent => new OperationWaveBody(percent, WaveRules.Reach((int)fleet.Devices, percent), null, null))]);

    private static DeviceFilterBody ToBody(this DeviceFilter filter) => new()
    {
        // An operation from before has its values in the members of the filter itself.
        Lifecycle = filter.Lifecycle?.ToWire() ?? Text(filter.Search?.Lifecycle),
        Compliance = filter.Compliance?.ToWire() ?? Text(filter.Search?.Compliance),
        Access = filter.Access?.ToWire() ?? Text(filter.Search?.Access),
        Platform = filter.Platform?.ToWire() ?? Text(filter.Search?.Platform),
        Label = filter.Label is { } label ? label.Value is null ? label.Key : $"{label.Key}={label.Value}" : Text(filter.Search?.Label),
        Serial = filter.Serial ?? Text(filter.Search?.Serial),
        Model = Text(filter.Search?.Model),
        Owner = Text(filter.Search?.Owner),
        App = Text(filter.Search?.App),
        Rule = Text(filter.Search?.Rule),
        OsVersion = Text(filter.Search?.OsVersion),
        NotSeenSince = filter.NotSeenSince?.UtcDateTime.ToString(InstantFormat, null),
        Devices = filter.Names.IsDefault ? null : filter.Names,
    };

    private static string? Text(AnyOf? values) => values is { IsEmpty: false } some ? some.ToString() : null;
}
