namespace MdmOrleans.Storage;

/// <summary>The configured database cannot be used: it does not answer, or refuses us, or is damaged.</summary>
public sealed class DatabaseUnusableException : StorageStartException
{
    public DatabaseUnusableException()
    {
    }

    public DatabaseUnusableException(string message)
        : base(message)
    {
    }

    public DatabaseUnusableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static DatabaseUnusableException Postgres(string server, Exception cause) =>
        new($"PostgreSQL at {server} cannot be used: {Sentence(cause)}; see ConnectionStrings:Postgres.", cause);

    internal static DatabaseUnusableException Settings(Exception cause) =>
        new($"ConnectionStrings:Postgres is no connection string for PostgreSQL: {Sentence(cause)}.", cause);

    internal static DatabaseUnusableException Directory(string directory, Exception cause) =>
        new($"The data directory '{directory}' cannot be used: {Sentence(cause)}; see Storage:Directory.", cause);

    internal static DatabaseUnusableException Half(string directory, string missing, string present) =>
        new($"The data directory '{directory}' has devices and settings that belong together, but {missing} is missing or empty beside "
            + $"{present}; restore both files from the same backup, or set Storage:Directory to another directory.");

    internal static string Sentence(Exception cause) => cause.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');
}
