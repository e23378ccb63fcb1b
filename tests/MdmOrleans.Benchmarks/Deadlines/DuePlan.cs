using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Benchmarks.CheckIns;
using Npgsql;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>Who is to act when, and, afterwards, who did: both in the database, where it counts.</summary>
/// <remarks>
/// Made due as a policy's change makes a fleet due: only the instant is written. When a device acted is the instant at which its
/// row was committed, which PostgreSQL remembers where <see cref="Setting"/> is on.
/// </remarks>
internal sealed class DuePlan(NpgsqlDataSource database, string prefix)
{
    public const string Setting = "track_commit_timestamp=on";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private bool _isCounting;

    // Whose daily evaluation comes up by itself meanwhile is left out: it would act twice, and be right.
    private const string Plan = """
        DROP TABLE IF EXISTS bench_due;
        CREATE UNLOGGED TABLE bench_due AS
            SELECT tenant, device,
                date_trunc('milliseconds', $1 + (row_number() OVER (ORDER BY random()) - 1) * ($2 - $1) / $3) AS due_at
            FROM devices WHERE tenant = $4 AND starts_with(device, $5) AND next_due_at > now() + interval '15 minutes' LIMIT $3;
        """;

    private const string Move = """
        UPDATE devices d SET next_due_at = b.due_at FROM bench_due b WHERE d.tenant = b.tenant AND d.device = b.device
        """;

    private const string Acts = """
        DROP TABLE IF EXISTS bench_acts;
        CREATE UNLOGGED TABLE bench_acts (tenant text, device text);
        CREATE OR REPLACE FUNCTION bench_act() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO bench_acts VALUES (NEW.tenant, NEW.device); RETURN NULL; END $$;
        DROP TRIGGER IF EXISTS bench_act ON devices;
        """;

    private const string Count = """
        CREATE TRIGGER bench_act AFTER UPDATE OF next_due_at ON devices
            FOR EACH ROW WHEN (NEW.next_due_at > OLD.next_due_at) EXECUTE FUNCTION bench_act()
        """;

    private const string Outcome = """
        SELECT count(*), count(*) FILTER (WHERE acted_at IS NULL),
            (SELECT count(*) FROM (SELECT FROM bench_acts JOIN bench_due USING (tenant, device) GROUP BY tenant, device HAVING count(*) > 1) AS again),
            min(due_at), max(acted_at), count(*) FILTER (WHERE acted_at <= $1),
            percentile_disc(0.5) WITHIN GROUP (ORDER BY acted_at - due_at), percentile_disc(0.99) WITHIN GROUP (ORDER BY acted_at - due_at),
            max(acted_at - due_at), min(acted_at)
        FROM (
            SELECT b.due_at, CASE WHEN d.next_due_at > b.due_at THEN pg_xact_commit_timestamp(d.xmin) END AS acted_at
            FROM bench_due b JOIN devices d ON d.tenant = b.tenant AND d.device = b.device) AS acted
        """;

    /// <summary>The devices of the fleet that are due from <paramref name="from"/> to <paramref name="until"/>, evenly.</summary>
    /// <param name="countsActs">Whether each act of each device is counted, which costs the database some of its time.</param>
    public async Task MakeAsync(int count, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken, bool countsActs = false)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var statement in Plan.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            await using var command = new NpgsqlCommand(Fill(statement, count, from, until), connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        _isCounting = countsActs;
        foreach (var statement in (string[])[Acts, Move, "VACUUM ANALYZE devices", .. countsActs ? [Count] : (string[])[]])
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Names of those that were made due.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT device FROM bench_due");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }

    /// <summary>Waits until nobody is due any more.</summary>
    public async Task WaitAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM devices WHERE shard = $1 AND next_due_at <= $2)", connection);
        var shard = new NpgsqlParameter<short>();
        command.Parameters.Add(shard);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = until.UtcDateTime });
        var startedAt = TimeProvider.System.GetTimestamp();
        for (short i = 0; i < DeadlineShards.Count; i++)
        {
            shard.TypedValue = i; // one shard after the other: what is watched must not pay for it
            while (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                if (TimeProvider.System.GetElapsedTime(startedAt) > Patience)
                {
                    Results.Progress("    some are still due; they are not waited for any longer");
                    return;
                }

                await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <param name="mark">Of those that acted, how many did so until then is counted.</param>
    public async Task<DueOutcomes> ReadAsync(DateTimeOffset mark, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Outcome);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = mark.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        if (row.IsDBNull(4))
        {
            throw new BenchmarkException("Nobody acted.");
        }

        return new DueOutcomes(
            (int)row.GetInt64(0), (int)row.GetInt64(1), _isCounting ? (int)row.GetInt64(2) : null,
            row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(4), (int)row.GetInt64(5),
            row.GetTimeSpan(6), row.GetTimeSpan(7), row.GetTimeSpan(8));
    }

    // A statement that makes a table takes no parameters.
    private string Fill(string statement, int count, DateTimeOffset from, DateTimeOffset until) => statement
        .Replace("$1", $"timestamptz '{from:O}'", StringComparison.Ordinal)
        .Replace("$2", $"timestamptz '{until:O}'", StringComparison.Ordinal)
        .Replace("$3", LoadSession.Text(count), StringComparison.Ordinal)
        .Replace("$4", $"'{Fleet.Tenant}'", StringComparison.Ordinal)
        .Replace("$5", $"'{prefix}'", StringComparison.Ordinal);
}

/// <param name="Lost">Never acted.</param>
/// <param name="Twice">Acted more than once; null where acts were not counted.</param>
/// <param name="ByMark">Acted until the instant that was asked for.</param>
internal sealed record DueOutcomes(
    int Devices, int Lost, int? Twice, DateTimeOffset FirstDueAt, DateTimeOffset FirstActedAt, DateTimeOffset LastActedAt, int ByMark,
    TimeSpan Median, TimeSpan P99, TimeSpan Worst);
