using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MdmOrleans.Contracts;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.CheckIns;

namespace MdmOrleans.Benchmarks.Codec;

/// <summary>Our strict reader and our writer of payloads, beside the serializer.</summary>
[MemoryDiagnoser]
public class PayloadBenchmarks
{
    private readonly ScratchBuffer _output = new();
    private readonly byte[] _checkIn = Samples.CheckIn;
    private readonly byte[] _with40Apps = Samples.CheckInWith40Apps;

    [Benchmark]
    public object? ReadCheckIn() => CheckInReader.Read(_checkIn, default, 1).CheckIn;

    [Benchmark]
    public object? ReadCheckInWithSerializer() => JsonSerializer.Deserialize(_checkIn, ContractsJson.Default.CheckInMessage);

    [Benchmark]
    public object? ReadCheckInWith40Apps() => CheckInReader.Read(_with40Apps, default, 1).CheckIn;

    [Benchmark]
    public object? ReadCheckInWith40AppsWithSerializer() =>
        JsonSerializer.Deserialize(_with40Apps, ContractsJson.Default.CheckInMessage);

    [Benchmark]
    public int WriteVerdict()
    {
        var commands = 0;
        VerdictWriter.TryWrite(_output, Samples.Verdict, "4be0643f", 65_536, ref commands);
        return _output.Length;
    }
}
