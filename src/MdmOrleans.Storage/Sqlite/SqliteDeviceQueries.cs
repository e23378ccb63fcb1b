using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteDeviceQueries(SqliteReader reader, TwinCodec codec) : IDeviceQueries
{
    public async ValueTask<ImmutableArray<Device>> ListAsync(
        TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = $"""
                    SELECT d.device, {SqliteRows.Twin} FROM {SqliteRows.Tables}
                    WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after)}
                    ORDER BY d.device LIMIT {Parameter(command, limit)}
                    """;
                var devices = ImmutableArray.CreateBuilder<Device>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    if (DeviceId.TryCreate(tenant.Name, rows.GetString(0), out var id))
                    {
                        devices.Add(codec.ReadTwin(rows, 1, id));
                    }
                }

                return devices.ToImmutable();
            },
            cancellationToken);

    public async ValueTask<ImmutableArray<Device>> ListAsync(
        ImmutableArray<TenantId> tenants, DeviceFilter filter, DeviceId? after, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                var names = new JsonArray([.. tenants.Select(tenant => JsonValue.Create(tenant.Name))]).ToJsonString();
                var behind = after is { } last
                    ? $" AND (d.tenant, d.device) > ({Parameter(command, last.Tenant.Name)}, {Parameter(command, last.Name)})"
                    : string.Empty;
                command.CommandText = $"""
                    SELECT d.tenant, d.device, {SqliteRows.Twin} FROM {SqliteRows.Tables}
                    WHERE d.tenant IN (SELECT value FROM json_each({Parameter(command, names)})){behind}{Conditions(command, filter, after: null)}
                    ORDER BY d.tenant, d.device LIMIT {Parameter(command, limit)}
                    """;
                var devices = ImmutableArray.CreateBuilder<Device>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    if (DeviceId.TryCreate(rows.GetString(0), rows.GetString(1), out var id))
                    {
                        devices.Add(codec.ReadTwin(rows, 2, id));
                    }
                }

                return devices.ToImmutable();
            },
            cancellationToken);

    public async ValueTask<ImmutableArray<string>> ListNamesAsync(
        TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = $"""
                    SELECT d.device FROM {Tables(filter)}
                    WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after)}
                    ORDER BY d.device LIMIT {Parameter(command, limit)}
                    """;
                var names = ImmutableArray.CreateBuilder<string>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    names.Add(rows.GetString(0));
                }

                return names.ToImmutable();
            },
            cancellationToken);

    public async ValueTask<FleetSummary> SummarizeAsync(
        TenantId tenant, DeviceFilter filter, DateTimeOffset now, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = $"""
                    SELECT lifecycle, compliance, access, platform, policy, policy_version, count(*), count(due), min(due)
                    FROM (
                        SELECT d.*, CASE WHEN next_due_at < {Parameter(command, now.UtcTicks)} THEN next_due_at END AS due
                        FROM {Tables(filter)}
                        WHERE d.tenant = {Parameter(command, tenant.Name)}{Conditions(command, filter, after: null)})
                    GROUP BY lifecycle, compliance, access, platform, policy, policy_version
                    """;
                var summary = new SummaryBuilder();
                using var rows = command.ExecuteReader();
                while (rows.Read())
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
                        SqliteRows.ReadInstant(rows, 8));
                }

                return summary.Build();
            },
            cancellationToken);

    public async ValueTask<ImmutableArray<DeviceEvent>> ReadEventsAsync(
        DeviceId id, long after, int limit, CancellationToken cancellationToken) =>
        await reader.AskAsync(
            command =>
            {
                command.CommandText = $"""
                    SELECT body FROM device_events
                    WHERE tenant = {Parameter(command, id.Tenant.Name)} AND device = {Parameter(command, id.Name)}
                      AND number > {Parameter(command, after)}
                    ORDER BY number LIMIT {Parameter(command, limit)}
                    """;
                var events = ImmutableArray.CreateBuilder<DeviceEvent>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    events.Add(EventJson.Read(rows.GetFieldValue<byte[]>(0)));
                }

                return events.ToImmutable();
            },
            cancellationToken);

    // Who was seen when is another table, and most questions are not about that.
    private static string Tables(DeviceFilter filter) => (filter.NotSeenSince ?? filter.CheckedInSince) is null ? "devices d" : SqliteRows.Tables;

    private static string Conditions(SqliteCommand command, DeviceFilter filter, string? after)
    {
        var sql = new StringBuilder();
        Where(after, name => $"d.device > {Parameter(command, name)}");
        Where(filter.Name, name => $"d.device = {Parameter(command, name)}");
        Where(filter.Lifecycle?.ToWire(), word => $"d.lifecycle = {Parameter(command, word)}");
        Where(filter.Compliance?.ToWire(), word => $"d.compliance = {Parameter(command, word)}");
        Where(filter.Access?.ToWire(), word => $"d.access = {Parameter(command, word)}");
        Where(filter.Platform?.ToWire(), word => $"d.platform = {Parameter(command, word)}");
        Where(filter.Serial, serial => $"d.serial = {Parameter(command, serial)}");
        Where(
            filter.Label?.Key,
            key => $"EXISTS (SELECT 1 FROM json_each(d.labels) l WHERE l.key = {Parameter(command, key)}{LabelValue(command, filter)})");
        if (!filter.Names.IsDefault)
        {
            var names = new JsonArray([.. filter.Names.Select(name => JsonValue.Create(name))]).ToJsonString();
            sql.Append(" AND d.device IN (SELECT value FROM json_each(").Append(Parameter(command, names)).Append("))");
        }

        if (filter.Search is { } search)
        {
            SqliteSearch.Append(sql, search, command, value => Parameter(command, value));
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
            sql.Append(" AND max(coalesce(d.seen_at, 0), coalesce(s.seen_at, 0)) < ").Append(Parameter(command, since.UtcTicks));
        }

        if (filter.CheckedInSince is { } checkedIn)
        {
            sql.Append(" AND d.lifecycle <> 'Retired' AND max(coalesce(d.checked_in_at, 0), coalesce(s.check_in_at, 0)) >= ")
                .Append(Parameter(command, checkedIn.UtcTicks));
        }

        if (filter.ShardsBelow is { } shards)
        {
            sql.Append(" AND d.shard < ").Append(Parameter(command, shards));
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

    private static string LabelValue(SqliteCommand command, DeviceFilter filter) =>
        filter.Label?.Value is { } value ? $" AND l.value = {Parameter(command, value)}" : string.Empty;

    /// <returns>The placeholder.</returns>
    private static string Parameter(SqliteCommand command, object value)
    {
        var name = FormattableString.Invariant($"$p{command.Parameters.Count}");
        command.Parameters.AddWithValue(name, value);
        return name;
    }
}
