namespace MdmOrleans.Storage.Twins;

internal static class Searchable
{
    /// <summary>
    /// A text column cannot hold U+0000, which JSON can: what a device says of itself must never make its twin unstorable.
    /// The twin itself keeps the text as it was said.
    /// </summary>
    public static string? Text(string? said) => said?.Replace('\0', '\uFFFD');
}
