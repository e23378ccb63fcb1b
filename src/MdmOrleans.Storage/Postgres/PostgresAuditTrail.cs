using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Audit;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresAuditTrail(NpgsqlDataSource postgres) : IAuditTrail
{
    // One writer of a chain at a time, until it commits; the statement behind it sees what the writer before it committed.
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 6712417))";

    private const string Last = "SELECT number, body, hash FROM audit_records WHERE tenant = $1 ORDER BY number DESC LIMIT 1";

    private const string Insert = """
        INSERT INTO audit_records (tenant, number, at, actor, action, target, result, intent, body, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string Open = """
        SELECT i.tenant, i.number, i.body, i.hash FROM audit_records i
        WHERE i.result = 'intended' AND i.at < $1
          AND NOT EXISTS (SELECT FROM audit_records o WHERE o.tenant = i.tenant AND o.intent = i.number)
        ORDER BY i.at, i.tenant, i.number LIMIT $2
        """;

    public async ValueTask<AuditRecord> AppendAsync(TenantId? tenant, AuditEntry entry, CancellationToken cancellationToken) =>
        await PostgresFaults.OrAwayAsync("audit records", async () =>
        {
            await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var record = await AppendAsync(connection, tenant, entry, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return record;
        });

    /// <summary>In the transaction of <paramref name="connection"/>.</summary>
    public static async Task<AuditRecord> AppendAsync(
        NpgsqlConnection connection, TenantId? tenant, AuditEntry entry, CancellationToken cancellationToken)
    {
        var chain = AuditChains.NameOf(tenant);
        await using (var command = new NpgsqlCommand(Lock, connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = chain });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var record = AuditRecord.Seal(tenant, await FindLastAsync(connection, chain, cancellationToken), entry);
        await using var insert = new NpgsqlCommand(Insert, connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = chain });
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = record.Number });
        insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = record.Entry.At.UtcDateTime });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Entry.Actor });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Entry.Action });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Entry.Target });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Entry.Result });
        insert.Parameters.Add(new() { Value = (object?)record.Entry.Intent ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = AuditJson.Write(record.Entry) });
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = record.Hash.ToArray() });
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return record;
    }

    public async ValueTask<ImmutableArray<AuditRecord>> ReadAsync(
        TenantId? tenant, AuditFilter filter, long after, int limit, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "audit records", async () =>
        {
            await using var command = postgres.CreateCommand();
            command.CommandText = Select(command, tenant, filter, after, limit);
            var records = ImmutableArray.CreateBuilder<AuditRecord>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                records.Add(AuditJson.Read(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2)));
            }

            return records.ToImmutable();
        });

    public async ValueTask<ImmutableArray<OpenIntent>> ListOpenAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "audit records", async () =>
        {
            await using var command = postgres.CreateCommand(Open);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            var intents = ImmutableArray.CreateBuilder<OpenIntent>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var record = AuditJson.Read(rows.GetInt64(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3));
                intents.Add(new OpenIntent(AuditChains.TenantOf(rows.GetString(0)), record));
            }

            return intents.ToImmutable();
        });

    private static async Task<AuditRecord?> FindLastAsync(NpgsqlConnection connection, string chain, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Last, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = chain });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? AuditJson.Read(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2))
            : null;
    }

    private static string Select(NpgsqlCommand command, TenantId? tenant, AuditFilter filter, long after, int limit)
    {
        var sql = new StringBuilder("SELECT number, body, hash FROM audit_records WHERE true");
        Where("tenant = ", AuditChains.NameOf(tenant));
        Where("number > ", after);
        Where("actor = ", filter.Actor);
        Where("action = ", filter.Action);
        Where("target = ", filter.Target);
        Where("at >= ", filter.From?.UtcDateTime);
        Where("at < ", filter.Until?.UtcDateTime);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return sql.Append(FormattableString.Invariant($" ORDER BY number LIMIT ${command.Parameters.Count}")).ToString();

        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
                sql.Append(" AND ").Append(condition).Append(FormattableString.Invariant($"${command.Parameters.Count}"));
            }
        }
    }
}
