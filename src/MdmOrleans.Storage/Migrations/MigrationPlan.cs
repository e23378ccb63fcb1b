namespace MdmOrleans.Storage.Migrations;

/// <summary>What is left to do, decided from what is known and what was done.</summary>
internal static class MigrationPlan
{
    /// <returns>The pending migrations, in their order; none when the schema is current.</returns>
    /// <param name="database">For the sentence, e.g. <c>the PostgreSQL database 'mdm'</c>.</param>
    /// <exception cref="SchemaException">The database is ahead of this build, or beside it.</exception>
    public static IReadOnlyList<Migration> Pending(
        IReadOnlyList<Migration> known, IReadOnlyCollection<AppliedMigration> applied, string database)
    {
        foreach (var done in applied.OrderBy(done => done.Number))
        {
            var migration = known.FirstOrDefault(m => m.Number == done.Number) ?? throw SchemaException.TooNew(database, done.Name);
            if (migration.Checksum != done.Checksum)
            {
                throw SchemaException.Edited(database, done.Name);
            }
        }

        var numbers = applied.Select(done => done.Number).ToHashSet();
        return [.. known.Where(migration => !numbers.Contains(migration.Number))];
    }
}
