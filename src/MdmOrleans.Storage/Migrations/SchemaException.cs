namespace MdmOrleans.Storage.Migrations;

/// <summary>The schema of the database is not the one that this build was made for.</summary>
public sealed class SchemaException : StorageStartException
{
    public SchemaException()
    {
    }

    public SchemaException(string message)
        : base(message)
    {
    }

    public SchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static SchemaException TooOld(string database, int pending) => new(
        $"The schema of {database} is too old: {(pending == 1 ? "1 migration is" : $"{pending} migrations are")} pending; run the verb 'migrate', "
        + "or set Storage:MigrateOnStart to true.");

    internal static SchemaException Moved(string database) => new(
        $"{char.ToUpperInvariant(database[0])}{database[1..]} was restored from a backup or moved to another PostgreSQL: run the verb 'migrate' once, "
        + "so that its stream of events goes on, or set Storage:MigrateOnStart to true.");

    internal static SchemaException TooNew(string database, string migration) => new(
        $"The schema of {database} is too new: migration '{migration}' was applied by a later release "
        + "than this one; start that release instead.");

    internal static SchemaException Unrecorded(string database, string migration, Exception cause) => new(
        $"The schema of {database} does not fit its ledger: the tables of migration '{migration}' are there, but schema_migrations "
        + "does not list it; restore the database from a backup, or add the row that is missing.",
        cause);

    internal static SchemaException Failed(string database, string migration, Exception cause) => new(
        $"Migration '{migration}' failed on {database} and was undone: {DatabaseUnusableException.Sentence(cause)}.", cause);

    internal static SchemaException Edited(string database, string migration) => new(
        $"The schema of {database} is not what this build expects: migration '{migration}' was applied with another content.");
}
