using System.Buffers;

namespace MdmOrleans.Core.Identity;

/// <summary>The two alphabets of names in protocol version 1. Whatever passes here never needs to be escaped anywhere.</summary>
internal static class Names
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<char> LowerFirst = SearchValues.Create(Lower);
    private static readonly SearchValues<char> LowerRest = SearchValues.Create(Lower + "-");
    private static readonly SearchValues<char> MixedFirst = SearchValues.Create(Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> MixedRest = SearchValues.Create(Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-");

    /// <summary>Tenants and policies: <c>[a-z0-9][a-z0-9-]{0,62}</c>.</summary>
    public static bool IsLower(ReadOnlySpan<char> name) =>
        name.Length is >= 1 and <= 63 && LowerFirst.Contains(name[0]) && !name[1..].ContainsAnyExcept(LowerRest);

    /// <summary>Devices and rules: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>, case-sensitive.</summary>
    public static bool IsMixed(ReadOnlySpan<char> name) =>
        name.Length is >= 1 and <= 64 && MixedFirst.Contains(name[0]) && !name[1..].ContainsAnyExcept(MixedRest);
}
