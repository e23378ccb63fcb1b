using System.Security.Cryptography;
using MdmOrleans.Agent.Sdk.Connections;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Problems;

namespace MdmOrleans.Agent.Sdk.CheckIns;

/// <summary>Checks in when it is due or asked for, one at a time, for as long as the client lives; connections come and go under it.</summary>
internal sealed partial class CheckInLoop(DeviceClientOptions options, IPostureSource posture, ServerClock clock, TimeProvider time, ILogger logger)
{
    /// <summary>A verdict that did not come after its PUBACK is asked for this often; then the next check-in will tell.</summary>
    private const int Attempts = 3;

    // What a packet needs besides its payload: topic, correlation data, headers.
    private const int Envelope = 1024;

    private readonly ILogger _logger = logger;
    private readonly string _topic = Topics.CheckInUp(Topics.Root(options.Tenant, options.Device));
    private readonly string _boot = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly Inventory _inventory = new(time);
    private readonly CheckInRequests _requests = new(time);
    private readonly FullJitter _backOff = new(options.FirstBackOff, options.LongestBackOff, Random.Shared);
    private OutstandingCheckIn? _outstanding;
    private TimeSpan _interval = options.CheckInInterval;
    private long _seq;

    /// <summary>Asks for a check-in that has not begun yet. Completes when it has ended, with whether it was answered.</summary>
    /// <param name="everything">Report also what the server already has.</param>
    public Task<bool> RequestAsync(bool everything) => _requests.AddAsync(everything);

    public void OnAnswer(CheckInAnswer answer)
    {
        clock.Observe(answer.ServerTime);
        if (Volatile.Read(ref _outstanding) is { } outstanding && outstanding.Message.Rid == answer.Rid)
        {
            outstanding.Answered(new Verdict(answer, null, null));
        }
    }

    public void OnProblem(ProblemDocument problem)
    {
        if (Volatile.Read(ref _outstanding) is { } outstanding && outstanding.Message.Rid == problem.Rid)
        {
            outstanding.Answered(new Verdict(null, problem.Code, problem.Detail));
        }
    }

    /// <summary>Returns when <paramref name="link"/> is not to be trusted any more. What is unanswered then goes out over the next one.</summary>
    public async Task RunAsync(DeviceLink link, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_outstanding is null)
            {
                await _requests.WaitAsync(cancellationToken);
                if (await BeginAsync(link, cancellationToken) is not { } begun)
                {
                    _requests.DueIn(_interval);
                    continue;
                }

                Volatile.Write(ref _outstanding, begun);
            }

            if (!await DeliverAsync(link, _outstanding, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Null where the posture could not be read.</summary>
    private async Task<OutstandingCheckIn?> BeginAsync(DeviceLink link, CancellationToken cancellationToken)
    {
        var (waiting, everything) = _requests.Take();
        var startedAt = time.GetTimestamp();
        try
        {
            var message = _inventory.LeaveOutKnown(await posture.ReadAsync(cancellationToken), everything) with
            {
                Rid = RandomNumberGenerator.GetHexString(8, lowercase: true),
                Boot = _boot,
                Seq = ++_seq,
                At = time.GetUtcNow(),
            };
            var begun = new OutstandingCheckIn(message, waiting, startedAt);
            if (begun.Payload.Length + Envelope <= link.MaximumPacketSize)
            {
                return begun;
            }

            LogTooLarge(begun.Payload.Length, link.MaximumPacketSize);
            return new OutstandingCheckIn(message with { Apps = null, Attributes = null }, waiting, startedAt);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _requests.Add(waiting, everything);
            throw;
        }
        catch (Exception e) // a posture that cannot be read now may be readable later
        {
            LogUnreadable(e);
            Array.ForEach(waiting, w => w.TrySetResult(false));
            return null;
        }
    }

    /// <summary>False where the connection is to be given up.</summary>
    private async Task<bool> DeliverAsync(DeviceLink link, OutstandingCheckIn outstanding, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var puback = await link.PublishAsync(_topic, outstanding.Payload, outstanding.Message.Rid, cancellationToken);
            switch (puback.Code)
            {
                case null:
                    return false;
                case { } code when ReasonCodes.IsRefusedForGood(code):
                    End(outstanding, new Verdict(null, ReasonCodes.Text(code), puback.Reason));
                    return true;
                case { } code when !ReasonCodes.IsSuccess(code):
                    options.Observer.Refused(ReasonCodes.Text(code));
                    await Task.Delay(_backOff.Next(), time, cancellationToken);
                    attempt--; // it is not stored yet, so that it is never given up
                    continue;
            }

            _backOff.Reset();
            if (await WaitAsync(outstanding.Answer, cancellationToken) || attempt == Attempts)
            {
                End(outstanding, outstanding.Answer.IsCompleted ? await outstanding.Answer : new Verdict(null, "unanswered", null));
                return true;
            }
        }
    }

    private async Task<bool> WaitAsync(Task answer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(answer, Task.Delay(options.AnswerTimeout, time, patience.Token));
        await patience.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == answer;
    }

    private void End(OutstandingCheckIn outstanding, Verdict verdict)
    {
        Volatile.Write(ref _outstanding, null);
        if (verdict.Answer is { } answer)
        {
            _inventory.Acknowledged(outstanding.Message);
            _interval = TimeSpan.FromSeconds(Math.Max(1, answer.NextCheckInSeconds));
            _requests.DueIn(_interval);
            LogAnswered(answer.Compliance, answer.Access, answer.Findings.Count, answer.NextCheckInSeconds);
            options.Observer.Answered(answer, time.GetElapsedTime(outstanding.StartedAt));
        }
        else
        {
            _requests.DueIn(_interval);
            LogRefused(verdict.RefusalCode, verdict.Detail);
            options.Observer.Refused(verdict.RefusalCode ?? "unanswered");
        }

        outstanding.Close(answered: verdict.Answer is not null);
    }
}
