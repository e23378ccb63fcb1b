using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Health;

/// <summary>Asks all checks at once.</summary>
internal sealed partial class Readiness(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IReadinessCheck[] _checks = [.. checks];

    public IReadOnlyList<string> Names => [.. _checks.Select(check => check.Name)];

    /// <summary>Those that say no, or nothing in time; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> FailingAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(_checks.Select(check => AskAsync(check, cancellationToken)));
        return [.. _checks.Zip(answers).Where(pair => !pair.Second).Select(pair => pair.First.Name)];
    }

    private async Task<bool> AskAsync(IReadinessCheck check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await check.IsReadyAsync(limit.Token).AsTask().WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await limit.CancelAsync(); // it is not waited for any more
            LogFailed(e, check.Name);
            return false;
        }
    }
}
