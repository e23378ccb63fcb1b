using MdmOrleans.Core;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresHealth(NpgsqlDataSource postgres, TimeProvider time) : IStorageHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async ValueTask<bool> IsAnsweringAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // A database that hangs may not even notice that the question was withdrawn.
            return await AskAsync(either.Token).WaitAsync(Patience * 1.5, time, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            postgres.Clear(); // whoever comes after the outage is spared the connections that died in it
            return false;
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand("SELECT 1");
        return await command.ExecuteScalarAsync(cancellationToken) is 1;
    }
}
