using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace MdmOrleans.Core.Operations;

/// <summary>Who comes first. The devices of an operation stand in the order of a stable hash, and a wave is the head of that line.</summary>
public static class WaveRules
{
    public const int MaxWaves = 20;

    public static ImmutableArray<int> Default { get; } = [1, 10, 100];

    /// <summary>Where a device stands in the line. Another operation has another line, so that not always the same ones are the first.</summary>
    public static ulong PlaceOf(Guid operation, string device)
    {
        var hash = new XxHash64();
        hash.Append(operation.ToByteArray());
        hash.Append(Encoding.UTF8.GetBytes(device));
        return hash.GetCurrentHashAsUInt64();
    }

    /// <summary>How many devices a wave reaches, with those before it: no wave of a fleet is without one.</summary>
    public static int Reach(int devices, int percent) => (int)((((long)devices * percent) + 99) / 100);

    /// <summary>Ascending from 1 to 100; the last one that is asked for is completed to the whole fleet.</summary>
    /// <returns>Null when they are not.</returns>
    public static ImmutableArray<int>? Read(IReadOnlyList<int> percents)
    {
        if (percents.Count is 0 or > MaxWaves || percents[0] < 1 || percents[^1] > 100 || percents.Zip(percents.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            return null;
        }

        return percents[^1] == 100 ? [.. percents] : percents.Count < MaxWaves ? [.. percents, 100] : null;
    }
}
