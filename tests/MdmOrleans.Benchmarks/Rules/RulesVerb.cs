using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MdmOrleans.Benchmarks.Rules;

/// <summary>The rules alone, with BenchmarkDotNet.</summary>
internal static class RulesVerb
{
    public const string Usage = """
        rules

        Evaluates policies over a posture, in this process, and prints time and allocated bytes each. Takes about a minute.
        Build it with -c Release; anything else is refused.
        """;

    public static Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        arguments.RefuseRest();
        // In this process: a build of its own for every run would load the machine that it measures.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "mdm-benchmarks"));
        var summary = BenchmarkRunner.Run<RuleBenchmarks>(config);
        return Task.FromResult(summary.HasCriticalValidationErrors || summary.Reports.Any(r => !r.Success) ? 1 : 0);
    }
}
