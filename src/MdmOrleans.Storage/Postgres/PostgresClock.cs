using MdmOrleans.Core.Clocks;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresClock(RuntimeDataSource runtime) : IClockStore
{
    public ValueTask<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken) =>
        ReadAsync("SELECT clock_timestamp()", cancellationToken);

    public ValueTask<DateTimeOffset?> ReadMarkAsync(CancellationToken cancellationToken) =>
        ReadAsync("SELECT at FROM clock_mark", cancellationToken);

    public async ValueTask MarkAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = runtime.Source.CreateCommand(
            "INSERT INTO clock_mark (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
        await PostgresFaults.AskAsync(runtime.Source, "clock", () => command.ExecuteNonQueryAsync(cancellationToken));
    }

    private async ValueTask<DateTimeOffset?> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = runtime.Source.CreateCommand(sql);
        return await PostgresFaults.AskAsync(runtime.Source, "clock", async () =>
            await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at) : (DateTimeOffset?)null);
    }
}
