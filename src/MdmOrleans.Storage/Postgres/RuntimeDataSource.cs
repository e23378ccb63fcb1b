using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Connections of what keeps the cluster going: Orleans' grain storage, reminders and membership, deadlines, health.</summary>
/// <remarks>Apart from the queries, so that a flood of lists delays lists and nothing else.</remarks>
internal sealed class RuntimeDataSource(NpgsqlDataSource source) : IAsyncDisposable
{
    public NpgsqlDataSource Source => source;

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
