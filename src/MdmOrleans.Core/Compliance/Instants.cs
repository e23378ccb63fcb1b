namespace MdmOrleans.Core.Compliance;

/// <summary>Comparisons of instants of which one may be missing.</summary>
internal static class Instants
{
    public static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;

    public static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset? right) => right > left ? right.Value : left;
}
