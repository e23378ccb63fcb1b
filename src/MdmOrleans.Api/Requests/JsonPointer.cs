namespace MdmOrleans.Api.Requests;

/// <summary>JSON Pointer, RFC 6901.</summary>
internal static class JsonPointer
{
    public static string Below(string pointer, string member) =>
        $"{pointer}/{member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
