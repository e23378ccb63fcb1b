using System.Collections.Immutable;
using MdmOrleans.Core.Identity;
using static MdmOrleans.Core.Operations.OperationStatus;

namespace MdmOrleans.Core.Operations;

/// <summary>How an operation goes on: by itself, wave by wave, and by what people say to it.</summary>
public static class OperationRules
{
    /// <summary>Why it stopped by itself.</summary>
    public const string TooManyFailures = "maxFailurePercent";

    /// <summary>How long a wave waits for what its last device has to say.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromHours(24);

    private const int MaxSteps = 50;

    public static Operation Accept(OperationId id, OperationRequest request, DateTimeOffset now)
    {
        var key = $"operation {id.Value:D}"; // no caller can send a blank in a key of its own
        var command = request.Command with { IdempotencyKey = key, Reason = key };
        var operation = new Operation
        {
            Id = id,
            Request = request with { Command = command },
            CreatedAt = now,
            Waves = [.. request.Waves.Select(percent => new OperationWave(percent, null, null, null))],
            AsOf = now,
        };
        return Step(operation, OperationSteps.Started, command.Actor, now);
    }

    /// <summary>The devices are counted and stand in line.</summary>
    /// <param name="slices">The place of the first device of each slice, ascending.</param>
    public static Operation Plan(Operation operation, int devices, ImmutableArray<ulong> slices, DateTimeOffset now) => operation with
    {
        Slices = slices,
        Waves = [.. operation.Waves.Select((wave, i) => wave with { Devices = WaveRules.Reach(devices, wave.Percent), StartedAt = i == 0 ? now : null })],
    };

    public static Outcome<Operation> Pause(Operation operation, string actor, DateTimeOffset now) => operation.Status switch
    {
        Running => Step(operation with { Status = Paused }, OperationSteps.Paused, actor, now),
        Paused or Stopped => operation,
        _ => ProblemCatalog.OperationSettled,
    };

    /// <summary>Goes on. The failures that stopped it have been seen, and count no more.</summary>
    public static Outcome<Operation> Resume(Operation operation, string actor, DateTimeOffset now) => operation.Status switch
    {
        Paused or Stopped => Step(operation with { Status = Running, Forgiven = operation.Tally.Failed }, OperationSteps.Resumed, actor, now),
        Running => operation,
        _ => ProblemCatalog.OperationSettled,
    };

    public static Outcome<Operation> Cancel(Operation operation, string actor, DateTimeOffset now) => operation.Status switch
    {
        Running or Paused or Stopped => Step(operation with { Status = Canceling }, OperationSteps.Canceled, actor, now),
        Canceling or Canceled => operation,
        _ => ProblemCatalog.OperationSettled,
    };

    public static Outcome<Operation> Adjust(Operation operation, OperationChange change, string actor, DateTimeOffset now)
    {
        var request = operation.Request with
        {
            RatePerSecond = change.RatePerSecond ?? operation.Request.RatePerSecond,
            MaxFailurePercent = change.ChangesMaxFailure ? change.MaxFailurePercent : operation.Request.MaxFailurePercent,
        };
        return operation switch
        {
            _ when change.ExpectedVersion is { } expected && expected != operation.Version => ProblemCatalog.OperationChanged,
            _ when request == operation.Request => operation,
            { Status: Canceling or Canceled or Completed } => ProblemCatalog.OperationSettled,
            _ => Step(operation with { Request = request }, OperationSteps.Adjusted, actor, now),
        };
    }

    /// <summary>Asks the next in line, within the wave.</summary>
    /// <param name="allowance">How many more its rate allows now.</param>
    public static Operation Ask(Operation operation, int allowance, DateTimeOffset now)
    {
        if (operation is not { Status: Running, IsPlanned: true })
        {
            return operation;
        }

        var more = Math.Min(allowance, operation.Waves[operation.Wave].Devices!.Value - operation.Asked); // a planned wave is counted
        return more > 0 ? operation with { Asked = operation.Asked + more, AskedAt = now } : operation;
    }

    /// <summary>Looks at what became of those who were asked: stops, waits, begins the next wave, or is complete.</summary>
    public static Operation Advance(Operation operation, OperationTally tally, DateTimeOffset now)
    {
        operation = operation with { Tally = tally, AsOf = now };
        while (operation is { Status: Running, IsPlanned: true })
        {
            var (index, wave) = (operation.Wave, operation.Waves[operation.Wave]);
            var devices = wave.Devices!.Value; // a planned wave is counted
            if ((tally.Failed - operation.Forgiven) * 100.0 > operation.Request.MaxFailurePercent * devices)
            {
                return Step(operation with { Status = Stopped }, OperationSteps.Stopped, Actors.Waves, now, TooManyFailures);
            }

            if (operation.Asked < devices || (tally.Final < devices && now < operation.AskedAt + Patience))
            {
                return operation;
            }

            operation = operation with { Waves = operation.Waves.SetItem(index, wave with { EndedAt = now }) };
            operation = index + 1 < operation.Waves.Length
                ? operation with { Waves = operation.Waves.SetItem(index + 1, operation.Waves[index + 1] with { StartedAt = now }) }
                : Step(operation with { Status = Completed }, OperationSteps.Completed, Actors.Waves, now);
        }

        return operation;
    }

    private static Operation Step(Operation operation, string kind, string actor, DateTimeOffset now, string? reason = null) =>
        operation with { Version = operation.Version + 1, Steps = [.. operation.Steps.TakeLast(MaxSteps - 1), new OperationStep(now, kind, actor, reason)] };
}
