using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Operations;

/// <summary>What an operation makes of what a device answers, or does not.</summary>
public static class OperationDeviceRules
{
    /// <summary>The refusal of a device that never answered.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>With the pauses between them some four minutes: longer than a server that was lost is missed.</summary>
    public const int MaxTries = 8;

    /// <summary>The twin has answered: with a command, with a refusal, or that it can do neither just now.</summary>
    public static OperationDevice Answer(OperationDevice device, CommandRequest request, Outcome<CommandReceipt> outcome, DateTimeOffset now) =>
        outcome switch
        {
            { Value.Command: { } command } => device with
            {
                AskedAt = now,
                Command = command.Id,
                Status = command.Status,
                IsShared = command.IdempotencyKey != request.IdempotencyKey,
                Tries = 0,
                NotBefore = null,
            },
            { Problem: { Kind: not ProblemKind.Unavailable } problem } => device with { AskedAt = now, Refusal = problem.Code },
            _ => Miss(device, now),
        };

    /// <summary>The twin has not answered. It is asked again, each time after twice as long, and is given up in the end.</summary>
    public static OperationDevice Miss(OperationDevice device, DateTimeOffset now)
    {
        var missed = device with { Tries = device.Tries + 1, NotBefore = now + TimeSpan.FromSeconds(1 << device.Tries) };
        return missed.Tries < MaxTries || device.IsAsked ? missed : missed with { AskedAt = now, Refusal = Unreachable };
    }

    /// <summary>The history tells something of the device; what is older than the question is no matter.</summary>
    public static OperationDevice Hear(OperationDevice device, OperationNews news)
    {
        if (news.IsNoncompliant is { } isNoncompliant)
        {
            return device.AskedAt <= news.At ? device with { IsNewlyNoncompliant = isNoncompliant } : device;
        }

        // After a crash it is told again what it knew: an end is not taken back.
        return news.Command == device.Command && (news.Status.IsFinal() || !device.IsFinal) ? device with { Status = news.Status } : device;
    }
}
