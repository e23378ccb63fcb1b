namespace MdmOrleans.Benchmarks;

/// <summary>The benchmark cannot go on; the message says all there is to say.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
