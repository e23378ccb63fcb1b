using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.GroupCommit;

internal sealed partial class BatchRunner<TItem, TOutcome>
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4001, LogLevel.Warning, "Writes to {Store} are failing; callers wait, then time out")]
    private partial void LogFailing(Exception exception, string store);

    [LoggerMessage(4002, LogLevel.Information, "Writes to {Store} succeed again")]
    private partial void LogRecovered(string store);

    [LoggerMessage(4003, LogLevel.Information, "A batch for {Store} contains a row that cannot be stored; halving its {Rows} rows")]
    private partial void LogHalved(string store, int rows);

    /// <summary>Nobody waits for it any more; logged so that its failure is not unobserved.</summary>
    private void LogAbandoned(Exception? exception) => LogAbandoned(exception, options.Name);

    [LoggerMessage(4005, LogLevel.Debug, "A write to {Store} that hung has ended")]
    private partial void LogAbandoned(Exception? exception, string store);

    [LoggerMessage(4004, LogLevel.Error, "A row for {Store} cannot be stored")]
    private partial void LogPoisoned(Exception exception, string store);
}
