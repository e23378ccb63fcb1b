using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Health;

/// <summary>Asks all checks at once.</summary>
/// <remarks>Anybody may ask, as often as they like: an answer serves everybody for a moment, so that this never becomes load on the database.</remarks>
internal sealed partial class Readiness(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly IReadinessCheck[] _checks = [.. checks];
    private Task<IReadOnlyList<string>>? _answer;
    private long _askedAt;

    public IReadOnlyList<string> Names => [.. _checks.Select(check => check.Name)];

    /// <summary>Those that say no, or nothing in time; empty when all is well.</summary>
    public Task<IReadOnlyList<string>> FailingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_askedAt) > Moment))
            {
                _askedAt = time.GetTimestamp();
                _answer = AskAsync();
            }

            return _answer.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> AskAsync()
    {
        var answers = await Task.WhenAll(_checks.Select(AskAsync));
        return [.. _checks.Zip(answers).Where(pair => !pair.Second).Select(pair => pair.First.Complaint)];
    }

    private async Task<bool> AskAsync(IReadinessCheck check)
    {
        using var limit = new CancellationTokenSource();
        try
        {
            return await check.IsReadyAsync(limit.Token).AsTask().WaitAsync(Patience, time, CancellationToken.None);
        }
        catch (Exception e) // whatever it is, the answer is no
        {
            await limit.CancelAsync(); // it is not waited for any more
            LogFailed(e, check.Name);
            return false;
        }
    }
}
