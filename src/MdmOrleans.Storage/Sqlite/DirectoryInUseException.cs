namespace MdmOrleans.Storage.Sqlite;

/// <summary>Another server works in the data directory.</summary>
public sealed class DirectoryInUseException : StorageStartException
{
    public DirectoryInUseException()
    {
    }

    public DirectoryInUseException(string directory)
        : base(Sentence(directory))
    {
    }

    public DirectoryInUseException(string directory, Exception innerException)
        : base(Sentence(directory), innerException)
    {
    }

    private static string Sentence(string directory) =>
        $"The data directory '{directory}' is in use by another server; stop that one, or set Storage:Directory to another directory.";
}
