using System.Diagnostics;

namespace MdmOrleans.Benchmarks.Processes;

internal static class Readiness
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is yes; a process that ends, or takes too long, is an exception with its last words.</summary>
    public static async Task WaitAsync(
        ChildProcess process, TimeSpan patience, Func<Task<bool>> isReady, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (process.HasExited)
            {
                throw process.Failure("ended before it was ready");
            }

            if (Stopwatch.GetElapsedTime(startedAt) > patience)
            {
                throw process.Failure($"was not ready within {patience.TotalSeconds} s");
            }

            await Task.Delay(Between, TimeProvider.System, cancellationToken);
        }
    }
}
