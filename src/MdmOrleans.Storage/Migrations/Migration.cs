using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MdmOrleans.Storage.Migrations;

/// <summary>One numbered file of SQL, never edited after its release.</summary>
/// <param name="Name">The file's name without its extension, e.g. <c>0001_devices</c>.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>Those in <c>Migrations/{folder}</c>, in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> Of(string folder)
    {
        var assembly = typeof(Migration).Assembly;
        var prefix = $"{typeof(Migration).Namespace}.{folder}.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
                .Select(name => Read(name, name[prefix.Length..^4]))
                .OrderBy(migration => migration.Number),
        ];
    }

    private static Migration Read(string resource, string name)
    {
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(resource)!; // the assembly listed it
        using var reader = new StreamReader(stream);
        return new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}

/// <summary>What a database says was done to it.</summary>
internal sealed record AppliedMigration(int Number, string Name, string Checksum);
