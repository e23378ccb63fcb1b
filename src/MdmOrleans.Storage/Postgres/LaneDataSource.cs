using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Connections of the group commit alone, set up for its few statements.</summary>
/// <remarks>
/// The statements are prepared and planned once, without looking at the arrays: planned for the arrays they would be planned
/// every time, which costs more than running them. A plan made while the table was empty must not scan it once it is large.
/// The session's settings are those of the connection string, so there is nothing to reset between two batches.
/// </remarks>
internal sealed class LaneDataSource : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    public LaneDataSource(NpgsqlConnectionStringBuilder shared)
    {
        var settings = new NpgsqlConnectionStringBuilder(shared.ConnectionString)
        {
            ApplicationName = "MdmOrleans lanes",
            NoResetOnClose = true,
            MaxPoolSize = 16,
            MinPoolSize = 0,
            Timeout = 5,
            CommandTimeout = 0, // the lane's own patience ends an attempt
            CancellationTimeout = 500,
            ReadBufferSize = 16 * 1024,
            WriteBufferSize = 64 * 1024,
        };
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off".TrimStart();
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
