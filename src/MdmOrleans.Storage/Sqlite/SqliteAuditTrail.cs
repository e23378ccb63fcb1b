using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Audit;
using MdmOrleans.Storage.GroupCommit;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>There is one writer, so nobody else takes the next number.</summary>
internal sealed class SqliteAuditTrail(SqliteReader reader, SqliteWriter writer) : IAuditTrail
{
    private const string Last = "SELECT number, body, hash FROM audit_records WHERE tenant = ?1 ORDER BY number DESC LIMIT 1";

    private const string Insert = """
        INSERT INTO audit_records (tenant, number, at, actor, action, target, result, intent, body, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    private const string Open = """
        SELECT i.tenant, i.number, i.body, i.hash FROM audit_records i
        WHERE i.result = 'intended' AND i.at < $before
          AND NOT EXISTS (SELECT 1 FROM audit_records o WHERE o.tenant = i.tenant AND o.intent = i.number)
        ORDER BY i.at, i.tenant, i.number LIMIT $limit
        """;

    public async ValueTask<AuditRecord> AppendAsync(TenantId? tenant, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.RunAsync(session => Append(session, tenant, entry));
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("audit records", e);
        }
    }

    /// <summary>In the transaction of <paramref name="session"/>.</summary>
    public static AuditRecord Append(SqliteSession session, TenantId? tenant, AuditEntry entry)
    {
        var chain = AuditChains.NameOf(tenant);
        var last = session.Statement(Last);
        last.Bind(1, chain);
        var record = AuditRecord.Seal(tenant, last.First(row => AuditJson.Read(row.Integer(0), row.Blob(1), row.Blob(2))), entry);
        var insert = session.Statement(Insert);
        insert.Bind(1, chain);
        insert.Bind(2, record.Number);
        insert.Bind(3, record.Entry.At);
        insert.Bind(4, record.Entry.Actor);
        insert.Bind(5, record.Entry.Action);
        insert.Bind(6, record.Entry.Target);
        insert.Bind(7, record.Entry.Result);
        insert.Bind(8, record.Entry.Intent);
        insert.Bind(9, AuditJson.Write(record.Entry).AsSpan());
        insert.Bind(10, record.Hash.Span);
        insert.Execute();
        return record;
    }

    public async ValueTask<ImmutableArray<AuditRecord>> ReadAsync(
        TenantId? tenant, AuditFilter filter, long after, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = Select(command, tenant, filter, after, limit);
                var records = ImmutableArray.CreateBuilder<AuditRecord>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    records.Add(AuditJson.Read(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2)));
                }

                return records.ToImmutable();
            },
            cancellationToken);

    public async ValueTask<ImmutableArray<OpenIntent>> ListOpenAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await reader.AskAsync(
            command =>
            {
                command.CommandText = Open;
                command.Parameters.AddWithValue("$before", before.UtcTicks);
                command.Parameters.AddWithValue("$limit", limit);
                var intents = ImmutableArray.CreateBuilder<OpenIntent>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    var record = AuditJson.Read(rows.GetInt64(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3));
                    intents.Add(new OpenIntent(AuditChains.TenantOf(rows.GetString(0)), record));
                }

                return intents.ToImmutable();
            },
            cancellationToken);

    private static string Select(SqliteCommand command, TenantId? tenant, AuditFilter filter, long after, int limit)
    {
        var sql = new StringBuilder("SELECT number, body, hash FROM audit_records WHERE tenant = $tenant AND number > $after");
        command.Parameters.AddWithValue("$tenant", AuditChains.NameOf(tenant));
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$limit", limit);
        Where("actor = $actor", "$actor", filter.Actor);
        Where("action = $action", "$action", filter.Action);
        Where("target = $target", "$target", filter.Target);
        Where("at >= $from", "$from", filter.From?.UtcTicks);
        Where("at < $until", "$until", filter.Until?.UtcTicks);
        return sql.Append(" ORDER BY number LIMIT $limit").ToString();

        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                command.Parameters.AddWithValue(name, value);
            }
        }
    }
}
