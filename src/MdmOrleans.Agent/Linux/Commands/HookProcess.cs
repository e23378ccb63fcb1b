using System.Diagnostics;
using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Linux.Commands;

/// <summary>How a hook ended.</summary>
/// <param name="Code">Null where it was killed for running too long.</param>
/// <param name="Error">The end of standard error; null where it is empty.</param>
internal sealed record HookExit(int? Code, string Output, string? Error);

/// <summary>One run of a hook.</summary>
internal sealed class HookProcess(HookOptions options, TimeProvider time)
{
    private const int LongestOutput = CommandReport.LargestResult;
    private const int LongestError = CommandReport.LongestDetail;

    // A hook that leaves a daemon behind leaves its pipes open too; nobody waits for that one.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    public async Task<HookExit> RunAsync(
        string hook, IReadOnlyDictionary<string, string> environment, DeliveredCommand command, CancellationToken stop)
    {
        using var process = Start(hook, environment);
        var output = new Tail(LongestOutput);
        var error = new Tail(LongestError);
        using var draining = new CancellationTokenSource();
        var pipes = Task.WhenAll(
            output.FillAsync(process.StandardOutput, draining.Token),
            error.FillAsync(process.StandardError, draining.Token),
            FeedAsync(process, command, draining.Token));

        var exited = await WaitAsync(process, stop);
        draining.CancelAfter(Drain);
        await pipes;
        if (!exited)
        {
            stop.ThrowIfCancellationRequested();
        }

        var complaint = error.Text.Trim();
        return new HookExit(exited ? process.ExitCode : null, output.IsWhole ? output.Text : "", complaint.Length > 0 ? complaint : null);
    }

    private static Process Start(string hook, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path.GetFullPath(hook))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // Our own settings are none of the hook's business, and the token least of all.
        foreach (var own in start.Environment.Keys.Where(k => k.StartsWith("MDM_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(own);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new UnreachableException("A process that is not started through a shell is always a new one.");
    }

    /// <summary>False where it did not end by itself in time, or in the grace after <paramref name="stop"/>; it is dead then.</summary>
    private async Task<bool> WaitAsync(Process process, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.TimeLimit, time);
        using var stopped = stop.Register(() => limit.CancelAfter(options.StopGrace));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    private static async Task FeedAsync(Process process, DeliveredCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var json = JsonSerializer.Serialize(command, ContractsJson.Default.DeliveredCommand);
            await process.StandardInput.WriteAsync(json.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            await process.StandardInput.BaseStream.DisposeAsync(); // it does not read, which is its right
        }
    }
}
