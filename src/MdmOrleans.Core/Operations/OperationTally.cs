using System.Collections.Immutable;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Operations;

/// <summary>What became of the devices that were asked.</summary>
[GenerateSerializer, Immutable, Alias("mdm.OperationTally")]
public sealed record OperationTally
{
    public static OperationTally Empty { get; } = new();

    /// <summary>Devices of which nothing more is expected.</summary>
    [Id(0)]
    public int Final { get; init; }

    /// <summary>Devices that failed, rejected, could not be reached, or became noncompliant: each once.</summary>
    [Id(1)]
    public int Failed { get; init; }

    /// <summary>Devices that were not noncompliant when they were asked, and are now.</summary>
    [Id(2)]
    public int NewlyNoncompliant { get; init; }

    /// <summary>Where their commands are.</summary>
    [Id(3)]
    public ImmutableDictionary<CommandStatus, int> Statuses { get; init; } = ImmutableDictionary<CommandStatus, int>.Empty;

    /// <summary>Devices that did not get the command, by the code of the problem.</summary>
    [Id(4)]
    public ImmutableDictionary<string, int> Refusals { get; init; } = ImmutableDictionary<string, int>.Empty;

    public int Asked => Statuses.Values.Sum() + Refusals.Values.Sum();

    public static OperationTally Of(IEnumerable<OperationDevice> devices)
    {
        OperationDevice[] asked = [.. devices.Where(device => device.IsAsked)];
        return new OperationTally
        {
            Final = asked.Count(device => device.IsFinal),
            Failed = asked.Count(device => device.HasFailed),
            NewlyNoncompliant = asked.Count(device => device.IsNewlyNoncompliant),
            Statuses = asked.Select(device => device.Status).OfType<CommandStatus>().CountBy(status => status).ToImmutableDictionary(),
            Refusals = asked.Select(device => device.Refusal).OfType<string>().CountBy(code => code).ToImmutableDictionary(),
        };
    }

    public static OperationTally Sum(IReadOnlyCollection<OperationTally> tallies) => new()
    {
        Final = tallies.Sum(tally => tally.Final),
        Failed = tallies.Sum(tally => tally.Failed),
        NewlyNoncompliant = tallies.Sum(tally => tally.NewlyNoncompliant),
        Statuses = Sum(tallies.SelectMany(tally => tally.Statuses)),
        Refusals = Sum(tallies.SelectMany(tally => tally.Refusals)),
    };

    private static ImmutableDictionary<T, int> Sum<T>(IEnumerable<KeyValuePair<T, int>> counts)
        where T : notnull => counts.AggregateBy(count => count.Key, 0, (sum, count) => sum + count.Value).ToImmutableDictionary();
}
