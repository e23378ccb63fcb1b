using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Sdk.CheckIns;

/// <summary>A check-in from its first attempt to its verdict. It is sent again as it is, so that it is the same one for the server.</summary>
internal sealed class OutstandingCheckIn
{
    private readonly TaskCompletionSource<Verdict> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool>[] _waiting;

    /// <param name="waiting">Those who asked for it.</param>
    public OutstandingCheckIn(CheckInMessage message, TaskCompletionSource<bool>[] waiting, long startedAt)
    {
        (Message, _waiting, StartedAt) = (message, waiting, startedAt);
        Payload = JsonSerializer.SerializeToUtf8Bytes(message, ContractsJson.Default.CheckInMessage);
    }

    public CheckInMessage Message { get; }

    public byte[] Payload { get; }

    public long StartedAt { get; }

    public Task<Verdict> Answer => _verdict.Task;

    public void Answered(Verdict verdict) => _verdict.TrySetResult(verdict);

    /// <summary>There is nothing more to wait for.</summary>
    public void Close(bool answered) => Array.ForEach(_waiting, w => w.TrySetResult(answered));
}

/// <summary>How a check-in ended: with an answer, or with the code of its refusal.</summary>
internal sealed record Verdict(CheckInAnswer? Answer, string? RefusalCode, string? Detail);
