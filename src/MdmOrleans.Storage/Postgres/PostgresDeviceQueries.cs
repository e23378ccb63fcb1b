using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Lists and counts, on connections of their own so that a long question never holds up a batch.</summary>
internal sealed class PostgresDeviceQueries(NpgsqlDataSource postgres, TwinCodec codec) : IDeviceQueries
{
    public async ValueTask<ImmutableArray<Device>> ListAsync(
        TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand();
        command.CommandText = $"""
            SELECT d.device, {PostgresRows.Twin}
            FROM {PostgresRows.Tables}
            WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after)}
            ORDER BY d.device LIMIT {Parameter(command, limit)}
            """;
        return await PostgresFaults.AskAsync(postgres, "devices", async () =>
        {
            var devices = ImmutableArray.CreateBuilder<Device>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (DeviceId.TryCreate(tenant.Name, rows.GetString(0), out var id))
                {
                    devices.Add(codec.ReadTwin(rows, 1, id));
                }
            }

            return devices.ToImmutable();
        });
    }

    public async ValueTask<ImmutableArray<Device>> ListAsync(
        ImmutableArray<TenantId> tenants, DeviceFilter filter, DeviceId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand();
        var behind = after is { } last
            ? $" AND (d.tenant, d.device) > ({Parameter(command, last.Tenant.Name)}, {Parameter(command, last.Name)})"
            : string.Empty;
        command.CommandText = $"""
            SELECT d.tenant, d.device, {PostgresRows.Twin}
            FROM {PostgresRows.Tables}
            WHERE d.tenant = ANY ({Parameter(command, tenants.Select(tenant => tenant.Name).ToArray())}){behind}{Conditions(command, filter, after: null)}
            ORDER BY d.tenant, d.device LIMIT {Parameter(command, limit)}
            """;
        return await PostgresFaults.AskAsync(postgres, "devices", async () =>
        {
            var devices = ImmutableArray.CreateBuilder<Device>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (DeviceId.TryCreate(rows.GetString(0), rows.GetString(1), out var id))
                {
                    devices.Add(codec.ReadTwin(rows, 2, id));
                }
            }

            return devices.ToImmutable();
        });
    }

    public async ValueTask<ImmutableArray<string>> ListNamesAsync(
        TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand();
        command.CommandText = $"""
            SELECT d.device FROM {Tables(filter)}
            WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after)}
            ORDER BY d.device LIMIT {Parameter(command, limit)}
            """;
        return await PostgresFaults.AskAsync(postgres, "devices", async () =>
        {
            var names = ImmutableArray.CreateBuilder<string>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                names.Add(rows.GetString(0));
            }

            return names.ToImmutable();
        });
    }

    public async ValueTask<FleetSummary> SummarizeAsync(
        TenantId tenant, DeviceFilter filter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand();
        var due = Parameter(command, now.UtcDateTime);
        command.CommandText = $"""
            SELECT d.lifecycle, d.compliance, d.access, d.platform, d.policy, d.policy_version, count(*),
                   count(*) FILTER (WHERE d.next_due_at < {due}), min(d.next_due_at) FILTER (WHERE d.next_due_at < {due})
            FROM {Tables(filter)}
            WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after: null)}
            GROUP BY d.lifecycle, d.compliance, d.access, d.platform, d.policy, d.policy_version
            """;
        return await PostgresFaults.AskAsync(postgres, "devices", async () =>
        {
            var summary = new SummaryBuilder();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                summary.Add(
                    new FleetGroup(
                        rows.GetString(0),
                        rows.GetString(1),
                        rows.GetString(2),
                        rows.IsDBNull(3) ? null : rows.GetString(3),
                        rows.IsDBNull(4) ? null : new PolicyVersion(rows.GetString(4), rows.GetInt32(5))),
                    rows.GetInt64(6),
                    rows.GetInt64(7),
                    rows.IsDBNull(8) ? null : rows.GetFieldValue<DateTimeOffset>(8));
            }

            return summary.Build();
        });
    }

    public async ValueTask<ImmutableArray<DeviceEvent>> ReadEventsAsync(
        DeviceId id, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(
            "SELECT body FROM device_events WHERE tenant = $1 AND device = $2 AND number > $3 ORDER BY number LIMIT $4");
        Parameter(command, id.Tenant.Name);
        Parameter(command, id.Name);
        Parameter(command, after);
        Parameter(command, limit);
        return await PostgresFaults.AskAsync(postgres, "events", async () =>
        {
            var events = ImmutableArray.CreateBuilder<DeviceEvent>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                events.Add(EventJson.Read(rows.GetFieldValue<byte[]>(0)));
            }

            return events.ToImmutable();
        });
    }

    // Who was seen when is another table, and most questions are not about that.
    private static string Tables(DeviceFilter filter) => (filter.NotSeenSince ?? filter.CheckedInSince) is null ? "devices d" : PostgresRows.Tables;

    /// <summary>Only what is asked: with a constant, PostgreSQL sees that a partial index will do.</summary>
    private static string Conditions(NpgsqlCommand command, DeviceFilter filter, string? after)
    {
        var sql = new StringBuilder();
        Where(after, name => $"d.device > {Parameter(command, name)}");
        Where(filter.Name, name => $"d.device = {Parameter(command, name)}");
        Where(filter.Lifecycle?.ToWire(), word => $"d.lifecycle = {Parameter(command, word)}");
        Where(filter.Compliance?.ToWire(), word => $"d.compliance = {Parameter(command, word)}");
        Where(filter.Access?.ToWire(), word => $"d.access = {Parameter(command, word)}");
        Where(filter.Platform?.ToWire(), word => $"d.platform = {Parameter(command, word)}");
        Where(Searchable.Text(filter.Serial), serial => $"d.serial = {Parameter(command, serial)}");
        if (!filter.Names.IsDefault)
        {
            sql.Append($" AND d.device = ANY ({Parameter(command, filter.Names.ToArray())})");
        }

        if (filter.Label is { } label)
        {
            sql.Append(" AND d.labels <> '{}' AND d.labels ").Append(label.Value is null
                ? $"? {Parameter(command, label.Key)}"
                : $"@> {Parameter(command, new JsonObject { [label.Key] = label.Value }.ToJsonString(), NpgsqlDbType.Jsonb)}");
        }

        if (filter.Search is { } search)
        {
            PostgresSearch.Append(sql, search, (value, type) =>
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
                return FormattableString.Invariant($"${command.Parameters.Count}");
            });
        }

        if (filter.Nominated)
        {
            sql.Append(" AND d.nominated_at IS NOT NULL AND d.lifecycle <> 'Retired'");
        }

        if (filter.HasHolds)
        {
            sql.Append(" AND d.holds > 0");
        }

        if (filter.NotSeenSince is { } since)
        {
            sql.Append($" AND coalesce(greatest(d.seen_at, s.seen_at) < {Parameter(command, since.UtcDateTime)}, true)");
        }

        if (filter.CheckedInSince is { } checkedIn)
        {
            sql.Append($" AND d.lifecycle <> 'Retired' AND coalesce(greatest(d.checked_in_at, s.check_in_at) >= {Parameter(command, checkedIn.UtcDateTime)}, false)");
        }

        if (filter.ShardsBelow is { } shards)
        {
            sql.Append($" AND d.shard < {Parameter(command, (short)shards)}");
        }

        return sql.ToString();

        void Where(string? value, Func<string, string> condition)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition(value));
            }
        }
    }

    /// <returns>The placeholder.</returns>
    private static string Parameter<T>(NpgsqlCommand command, T value, NpgsqlDbType? type = null)
    {
        var parameter = new NpgsqlParameter<T> { TypedValue = value };
        if (type is { } known)
        {
            parameter.NpgsqlDbType = known;
        }

        command.Parameters.Add(parameter);
        return FormattableString.Invariant($"${command.Parameters.Count}");
    }
}
