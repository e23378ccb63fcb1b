namespace MdmOrleans.Benchmarks.Storage;

/// <summary>What one run came to.</summary>
/// <param name="Worst">The 99th percentile.</param>
/// <param name="CpuHere">Of this process, a row.</param>
/// <param name="CpuThere">Of PostgreSQL, a row; zero where there is none.</param>
internal sealed record StorageFigures(double RowsPerSecond, TimeSpan Median, TimeSpan Worst, TimeSpan CpuHere, TimeSpan CpuThere);
