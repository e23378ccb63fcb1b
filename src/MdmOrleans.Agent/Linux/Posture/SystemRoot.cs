namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The files of a machine below a root, which tests make up. What is missing or may not be read is null: unknown, not an error.</summary>
internal sealed class SystemRoot(string root)
{
    /// <param name="path">Absolute, as on the machine itself.</param>
    public string Path(string path) => root == "/" ? path : root + path;

    /// <summary>Trimmed, without the NUL that device trees end in; null for empty text too.</summary>
    public string? ReadText(string path) => Read(path, File.ReadAllText)?.Trim().Trim('\0') is { Length: > 0 } text ? text : null;

    public byte[]? ReadBytes(string path) => Read(path, File.ReadAllBytes);

    public IEnumerable<string> ReadLines(string path) => Read(path, File.ReadAllLines) ?? [];

    public Stream? Open(string path) => Read(path, File.OpenRead);

    /// <summary>Names in a directory, sorted; empty where there is none.</summary>
    public IReadOnlyList<string> Names(string directory) =>
        Read(directory, Directory.GetFileSystemEntries) is { } entries
            ? [.. entries.Select(e => System.IO.Path.GetFileName(e)).Order(StringComparer.Ordinal)]
            : [];

    public bool HasDirectory(string path) => Directory.Exists(Path(path));

    public bool HasFile(string path) => File.Exists(Path(path));

    /// <summary>What a link points to, as written in it; null where it is no link.</summary>
    public string? LinkTarget(string path) => Read(path, p => new FileInfo(p).LinkTarget);

    private T? Read<T>(string path, Func<string, T> read) where T : class?
    {
        try
        {
            return read(Path(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
