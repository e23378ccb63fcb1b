using System.Diagnostics.CodeAnalysis;

namespace MdmOrleans.Core.Identity;

/// <summary>Names one tenant, e.g. <c>acme</c>. Matches <c>[a-z0-9][a-z0-9-]{0,62}</c>.</summary>
[GenerateSerializer, Immutable, Alias("mdm.TenantId")]
public readonly record struct TenantId
{
    private TenantId(string name) => Name = name;

    [Id(0)]
    public string Name { get; }

    /// <summary>Reads the text that <see cref="ToString"/> writes; false, and no exception, for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = Names.IsLower(text) ? new TenantId(text!) : default;
        return id.Name is not null;
    }

    /// <summary>For text that we wrote ourselves.</summary>
    /// <exception cref="FormatException">It is not the name of a tenant.</exception>
    public static TenantId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the name of a tenant");

    public override string ToString() => Name;
}
