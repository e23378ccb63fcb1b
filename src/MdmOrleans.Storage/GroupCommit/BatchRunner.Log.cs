using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.GroupCommit;

internal sealed partial class BatchRunner<TItem, TOutcome>
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4001, LogLevel.Warning, "The database fails the store of {Store}; its callers wait and are refused in the end")]
    private partial void LogFailing(Exception exception, string store);

    [LoggerMessage(4002, LogLevel.Information, "The database serves the store of {Store} again")]
    private partial void LogRecovered(string store);

    [LoggerMessage(4003, LogLevel.Information, "A batch of {Rows} rows in the store of {Store} holds one that cannot be stored: halved")]
    private partial void LogHalved(string store, int rows);

    /// <summary>Nobody waits for it any more; logged so that its failure is not unobserved.</summary>
    private void LogAbandoned(Exception? exception) => LogAbandoned(exception, options.Name);

    [LoggerMessage(4005, LogLevel.Debug, "An attempt on the store of {Store} that hung has ended")]
    private partial void LogAbandoned(Exception? exception, string store);

    [LoggerMessage(4004, LogLevel.Error, "A row in the store of {Store} cannot be stored")]
    private partial void LogPoisoned(Exception exception, string store);
}
