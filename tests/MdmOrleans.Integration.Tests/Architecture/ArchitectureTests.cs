using System.Reflection;

namespace MdmOrleans.Integration.Tests.Architecture;

/// <summary>Who may know whom. A new arrow is a design decision: change it here, in the same commit, with the reason.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Our own assemblies: all that each may see, and nothing else.</summary>
    [Theory]
    [InlineData("MdmOrleans.Core")]
    [InlineData("MdmOrleans.Abstractions", "MdmOrleans.Core")]
    [InlineData("MdmOrleans.Contracts")]
    [InlineData("MdmOrleans.Grains", "MdmOrleans.Abstractions", "MdmOrleans.Core")]
    [InlineData("MdmOrleans.Storage", "MdmOrleans.Core")]
    [InlineData("MdmOrleans.Gateway", "MdmOrleans.Abstractions", "MdmOrleans.Contracts", "MdmOrleans.Core")]
    [InlineData("MdmOrleans.Api", "MdmOrleans.Abstractions", "MdmOrleans.Contracts", "MdmOrleans.Core")]
    [InlineData("MdmOrleans.Agent", "MdmOrleans.Contracts")]
    public void An_assembly_sees_no_more_of_ours_than_it_may(string assembly, params string[] allowed)
    {
        var seen = References(assembly).Where(r => r.StartsWith("MdmOrleans.", StringComparison.Ordinal));

        Assert.Empty(seen.Except(allowed));
    }

    /// <summary>Libraries: by the beginning of their name.</summary>
    [Theory]
    [InlineData("MdmOrleans.Core", "Orleans.Core", "Orleans.Runtime", "Npgsql", "Microsoft.Data.Sqlite", "MQTTnet", "Microsoft.AspNetCore")]
    [InlineData("MdmOrleans.Abstractions", "Orleans.Runtime", "Npgsql", "Microsoft.Data.Sqlite", "MQTTnet", "Microsoft.AspNetCore")]
    [InlineData("MdmOrleans.Contracts", "Orleans", "Npgsql", "Microsoft.Data.Sqlite", "MQTTnet", "Microsoft.AspNetCore")]
    [InlineData("MdmOrleans.Grains", "Npgsql", "Microsoft.Data.Sqlite", "MQTTnet", "Microsoft.AspNetCore")]
    [InlineData("MdmOrleans.Storage", "Orleans.Core", "Orleans.Runtime", "MQTTnet", "Microsoft.AspNetCore")]
    [InlineData("MdmOrleans.Gateway", "Npgsql", "Microsoft.Data.Sqlite")]
    [InlineData("MdmOrleans.Api", "Npgsql", "Microsoft.Data.Sqlite", "MQTTnet")]
    [InlineData("MdmOrleans.Agent", "Orleans", "Npgsql", "Microsoft.Data.Sqlite")]
    public void An_assembly_never_references(string assembly, params string[] forbidden)
    {
        var references = References(assembly);

        Assert.DoesNotContain(references, r => forbidden.Any(f => r.StartsWith(f, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_assembly_of_ours_has_its_arrows_listed()
    {
        var listed = typeof(ArchitectureTests).GetMethod(nameof(An_assembly_sees_no_more_of_ours_than_it_may))!
            .GetCustomAttributes<InlineDataAttribute>()
            .Select(data => (string)data.Data[0]!);

        var ours = Directory.EnumerateFiles(AppContext.BaseDirectory, "MdmOrleans.*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal) && name != "MdmOrleans.Server");

        Assert.Equal(ours.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string[] References(string assembly) => [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(r => r.Name!)];
}
