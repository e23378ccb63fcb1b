using System.Collections.Immutable;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.Starts;

/// <summary>One way to build and run the server.</summary>
/// <param name="Environment">Beside what every server is given, e.g. <c>DOTNET_TieredPGO=0</c>.</param>
internal sealed record ColdStartVariant(string Name, string Assembly, ImmutableDictionary<string, string> Environment)
{
    /// <param name="text">As the usage says; null: only the build beside this one.</param>
    public static ImmutableArray<ColdStartVariant> Parse(string? text) =>
        text is null ? [new("jit", MdmServer.ServerAssembly, [])] : [.. text.Split(';').Select(ParseOne)];

    private static ColdStartVariant ParseOne(string text)
    {
        var parts = text.Split(',').Select(part => part.Split('=', 2)).ToArray();
        if (parts.Any(part => part.Length != 2) || !File.Exists(parts[0][1]))
        {
            throw new BadArgumentException($"--variants: '{text}' is not NAME=ASSEMBLY[,KEY=VALUE...] with an assembly that is there.");
        }

        return new(parts[0][0], parts[0][1], parts[1..].ToImmutableDictionary(part => part[0], part => part[1]));
    }
}
