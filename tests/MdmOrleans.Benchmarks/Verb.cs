using System.Runtime.InteropServices;

namespace MdmOrleans.Benchmarks;

/// <summary>One thing that this executable does, chosen by the first argument.</summary>
/// <param name="Summary">One line; null keeps a verb that only another one starts out of the list.</param>
/// <param name="Usage">What it prints and needs: the answer to <c>--help</c>.</param>
internal sealed record Verb(string Name, string? Summary, string Usage, Func<Arguments, CancellationToken, Task<int>> Work)
{
    private const int BadUsage = 2;
    private const int Stopped = 130; // as a shell says of what a signal ended

    public static async Task<int> RunAsync(string[] args, Verb[] verbs)
    {
        if (args is not [var name, .. var rest] || verbs.FirstOrDefault(v => v.Name == name) is not { } verb)
        {
            await Console.Error.WriteLineAsync("Usage: MdmOrleans.Benchmarks {verb} [--option value ...]; or {verb} --help.");
            foreach (var listed in verbs.Where(v => v.Summary is not null))
            {
                await Console.Error.WriteLineAsync($"  {listed.Name,-10} {listed.Summary}");
            }

            return BadUsage;
        }

        if (rest.Contains("--help"))
        {
            Console.WriteLine(verb.Usage);
            return 0;
        }

        // Both signals end a run in order: whatever was started is stopped and removed before this process ends.
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            return await verb.Work(new Arguments(rest), stop.Token);
        }
        catch (BadArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
