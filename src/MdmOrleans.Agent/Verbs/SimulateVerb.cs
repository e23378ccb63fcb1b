using MdmOrleans.Agent.Simulation;

namespace MdmOrleans.Agent.Verbs;

/// <summary><c>simulate</c>: a fleet, its progress, and a summary at the end.</summary>
internal static class SimulateVerb
{
    public static readonly string[] Options =
        ["endpoint", "credentials", "create", "api", "tenant", "admin-key-file", "seed", "rate", "time-scale", "every", "seconds", "ca", "mqtt311"];

    public static async Task<int> RunAsync(Arguments arguments, ILoggerFactory logs, TextWriter output, CancellationToken stop)
    {
        var options = Read(arguments);
        var credentials = await CredentialsAsync(arguments, options.Seed, stop);
        var fleet = new SimulatedFleet(credentials, options, TimeProvider.System, logs.CreateLogger("MdmOrleans.Fleet"));

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (arguments.Find("seconds") is not null)
        {
            ending.CancelAfter(TimeSpan.FromSeconds(arguments.GetNumber("seconds", 0, atLeast: 1)));
        }

        var startedAt = TimeProvider.System.GetTimestamp();
        using var progressing = new CancellationTokenSource();
        var progress = new ProgressLine(fleet.Statistics, output, !Console.IsOutputRedirected, TimeProvider.System).RunAsync(progressing.Token);
        await fleet.RunAsync(ending.Token);
        await progressing.CancelAsync();
        await progress;
        await output.WriteLineAsync(FleetReport.Summary(fleet.Statistics.Snapshot(), TimeProvider.System.GetElapsedTime(startedAt)));
        return 0;
    }

    private static SimulatedFleetOptions Read(Arguments arguments) => new()
    {
        Endpoint = arguments.GetUri("endpoint", "mqtt", "mqtts", "ws", "wss"),
        Seed = (int)arguments.GetNumber("seed", 1, atLeast: 0),
        ConnectsPerSecond = arguments.GetNumber("rate", 50, atLeast: 0.1),
        TimeScale = arguments.GetNumber("time-scale", 60, atLeast: 0.001),
        CheckInEvery = arguments.Find("every") is null ? null : TimeSpan.FromSeconds(arguments.GetNumber("every", 0, atLeast: 0.01)),
        TrustedRoots = arguments.GetRoots("ca"),
        UseMqtt311 = arguments.GetFlag("mqtt311"),
    };

    private static async Task<IReadOnlyList<FleetCredential>> CredentialsAsync(Arguments arguments, int seed, CancellationToken stop)
    {
        var file = arguments.Get("credentials");
        if (arguments.Find("create") is not null)
        {
            using var http = new HttpClient { BaseAddress = arguments.GetUri("api", "http", "https") };
            var provisioner = new FleetProvisioner(http, arguments.GetSecret("admin-key"));
            var count = (int)arguments.GetNumber("create", 0, atLeast: 1);
            await CredentialFile.AppendAsync(file, provisioner.CreateAsync(arguments.Get("tenant"), count, seed, stop), stop);
        }

        return await CredentialFile.ReadAsync(file, stop) is { Count: > 0 } credentials
            ? credentials
            : throw new UsageException($"--credentials: {file} names no device.");
    }
}
