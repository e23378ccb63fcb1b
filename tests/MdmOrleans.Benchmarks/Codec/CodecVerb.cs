using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MdmOrleans.Benchmarks.Codec;

/// <summary>What the endpoint does with bytes, alone, with BenchmarkDotNet.</summary>
internal static class CodecVerb
{
    public const string Usage = """
        codec

        Reads and writes the packets and payloads of a check-in, in this process, beside MQTTnet's formatter and System.Text.Json's
        serializer, and prints time and allocated bytes each. Takes about two minutes.
        Build it with -c Release; anything else is refused.
        """;

    public static Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        arguments.RefuseRest();
        // In this process: a build of its own for every run would load the machine that it measures.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithOptions(ConfigOptions.JoinSummary)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "mdm-benchmarks"));
        var summaries = BenchmarkRunner.Run([typeof(PacketBenchmarks), typeof(PayloadBenchmarks)], config);
        return Task.FromResult(summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0);
    }
}
