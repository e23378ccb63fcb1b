using System.Runtime.InteropServices;
using MdmOrleans.Agent.Sdk.Connections;
using MdmOrleans.Agent.Verbs;

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var logs = LoggerFactory.Create(logging => logging
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
    .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")));

try
{
    return args switch
    {
        ["help" or "--help" or "-h"] or [_, "--help" or "-h"] => Print(Console.Out, Usage.Text, 0),
        ["run", .. var rest] => await RunVerb.RunAsync(Parse(rest, RunVerb.Options), logs, Console.Error, stop.Token),
        ["simulate", .. var rest] => await SimulateVerb.RunAsync(Parse(rest, SimulateVerb.Options), logs, Console.Out, stop.Token),
        ["posture"] => await PostureVerb.RunAsync(Console.Out, stop.Token),
        [] => Print(Console.Error, Usage.Text, 2),
        [var verb, ..] => Print(Console.Error, $"'{verb}' is not a command, or takes no options.\n\n{Usage.Text}", 2),
    };
}
catch (UsageException e)
{
    return Print(Console.Error, $"{e.Message} 'help' prints the usage.", 2);
}
catch (HttpRequestException e)
{
    return Print(Console.Error, e.StatusCode is null ? $"The HTTP interface cannot be reached: {ConnectFailure.Describe(e)}." : e.Message, 1);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
{
    return Print(Console.Error, e.Message, 1);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}

static Arguments Parse(string[] rest, string[] known) => Arguments.Parse(rest, known, Environment.GetEnvironmentVariable);

static int Print(TextWriter writer, string text, int exitCode)
{
    writer.WriteLine(text);
    return exitCode;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the process ends when everything has
    stop.Cancel();
}
