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

    private static string Sentence(Exception cause) => cause.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');
}
