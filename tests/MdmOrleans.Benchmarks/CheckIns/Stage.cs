using MdmOrleans.Benchmarks.Load;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>Where scenarios play: a work directory and, from when it is first needed, a PostgreSQL. All gone afterwards.</summary>
/// <param name="databaseSettings">Of PostgreSQL, beside those that every run has.</param>
internal sealed class Stage(params string[] databaseSettings) : IAsyncDisposable
{
    private readonly WorkDirectory _work = new();
    private PostgresServer? _postgres;
    private int _files;

    public WorkDirectory Work => _work;

    /// <summary>Null until something asked for a database of it.</summary>
    public int? DatabaseId => _postgres?.Id;

    /// <summary>What a server keeps its data in: an empty database of PostgreSQL, or a file of its own.</summary>
    public async Task<MdmServerOptions> PrepareAsync(string name, bool onPostgres, CancellationToken cancellationToken)
    {
        var directory = _work.CreateDirectory(name);
        if (!onPostgres)
        {
            return new MdmServerOptions(MdmServer.ServerAssembly, Verb: [], directory, Postgres: null);
        }

        _postgres ??= await PostgresServer.StartAsync(_work, databaseSettings, cancellationToken);
        var database = await _postgres.CreateDatabaseAsync(name, cancellationToken);
        return new MdmServerOptions(MdmServer.ServerAssembly, Verb: [], directory, database);
    }

    /// <summary>A file with the tokens of devices, readable by the owner only.</summary>
    public async Task<string> WriteAsync(IEnumerable<Credential> devices, CancellationToken cancellationToken)
    {
        var path = _work.Combine($"devices-{++_files}");
        await Credential.WriteAsync(path, devices, cancellationToken);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _work.Dispose();
    }
}
