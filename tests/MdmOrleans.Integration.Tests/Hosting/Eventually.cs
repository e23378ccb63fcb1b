using System.Diagnostics;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>For what another process does and tells nobody of: asks until the answer is yes, and not for ever.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Completes "Nobody saw that …".</param>
    public static async Task TrueAsync(Func<Task<bool>> probe, string what, TimeSpan patience)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await probe())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > patience)
            {
                throw new TimeoutException($"Nobody saw within {patience.TotalSeconds:0.#} s that {what}.");
            }

            await Task.Delay(Between, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
