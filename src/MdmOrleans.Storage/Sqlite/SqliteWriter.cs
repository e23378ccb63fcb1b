using System.Collections.Concurrent;
using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>The thread that writes. SQLite blocks until the disk has it, which must not cost the pool a thread.</summary>
internal sealed class SqliteWriter : IDisposable
{
    // Each lane has one job here at a time, unless the disk hangs: then each has one more every seven seconds.
    private const int Capacity = 256;

    private readonly BlockingCollection<Action> _jobs = new(Capacity);
    private readonly string _connectionString;
    private readonly Thread _thread;
    private SqliteSession? _session;

    public SqliteWriter(SqliteDirectory directory)
    {
        _connectionString = directory.Devices;
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="work"/> in one transaction; completes when it is on the disk.</summary>
    /// <exception cref="StorageUnavailableException">Too much waits already, or the server is shutting down; nothing was or will be done.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_jobs.IsAddingCompleted)
        {
            return Task.FromException<T>(Unavailable.ShuttingDown("devices"));
        }

        var isAccepted = _jobs.TryAdd(() =>
        {
            try
            {
                done.SetResult(Session().InTransaction(work));
            }
            catch (Exception e) // it is the caller's to know
            {
                Distrust(e);
                done.SetException(e);
            }
        });
        return isAccepted ? done.Task : Task.FromException<T>(Unavailable.Overloaded("devices"));
    }

    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _session?.Dispose();
        _jobs.Dispose();
    }

    private void Run()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job();
        }
    }

    private SqliteSession Session() => _session ??= new SqliteSession(_connectionString);

    /// <summary>After anything but a refused row, begin with a new connection.</summary>
    private void Distrust(Exception exception)
    {
        if (SqliteFaults.Classify(exception) is not BatchFault.Poisoned)
        {
            _session?.Dispose();
            _session = null;
        }
    }
}
