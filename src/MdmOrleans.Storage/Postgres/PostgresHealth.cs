using MdmOrleans.Core;
using MdmOrleans.Storage.Health;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresHealth : IStorageHealth
{
    private const string Write = "UPDATE storage_health SET written_at = clock_timestamp()";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _postgres;
    private readonly NpgsqlDataSource _queries;
    private readonly StoreFailures _failures;
    private readonly TimeProvider _time;
    private readonly WriteProbe _write;

    public PostgresHealth(RuntimeDataSource runtime, NpgsqlDataSource queries, StoreFailures failures, TimeProvider time)
    {
        (_postgres, _queries, _failures, _time) = (runtime.Source, queries, failures, time);
        _write = new WriteProbe(() => TryAsync(Write, CancellationToken.None), time);
    }

    public async ValueTask<bool> TakesWritesAsync(CancellationToken cancellationToken)
    {
        // Asked every time, whether it is there at all; a write costs the database something.
        var isAnswering = await TryAsync("SELECT 1", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return isAnswering && _failures.AreOver && await _write.SucceedsAsync(cancellationToken);
    }

    private async Task<bool> TryAsync(string sql, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // A database that hangs may not even notice that the question was withdrawn.
            await AskAsync(sql, either.Token).WaitAsync(Patience * 1.5, _time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            if (e is not PostgresException)
            {
                _postgres.Clear(); // whoever comes after the outage is spared the connections that died in it
                _queries.Clear();
            }

            return false;
        }
    }

    private async Task AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
