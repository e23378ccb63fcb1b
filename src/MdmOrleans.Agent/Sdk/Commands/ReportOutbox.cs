using System.Text.Json;
using MdmOrleans.Agent.Sdk.Connections;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk.Commands;

/// <summary>Reports that the server has not acknowledged: the latest of each command, which may skip those before it.</summary>
/// <remarks>Bounded by the commands that a device can have at once: the lanes of the runner and the journal.</remarks>
internal sealed partial class ReportOutbox(DeviceClientOptions options, CommandJournal journal, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, CommandReport> _latest = new(StringComparer.Ordinal);
    private readonly Signal _added = new();
    private readonly string _root = Topics.Root(options.Tenant, options.Device);
    private readonly FullJitter _backOff = new(options.FirstBackOff, options.LongestBackOff, Random.Shared);
    private readonly ILogger _logger = logger;

    public void Add(string id, CommandReport report)
    {
        lock (_gate)
        {
            _latest.Remove(id); // to the end, so that final reports go out in the order in which the commands ended
            _latest.Add(id, report);
            _added.Set();
        }
    }

    /// <summary>Returns when <paramref name="link"/> is not to be trusted any more; the rest goes out over the next one.</summary>
    public async Task RunAsync(DeviceLink link, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Oldest() is not var (id, report))
            {
                await _added.WaitAsync(cancellationToken);
                continue;
            }

            var payload = JsonSerializer.SerializeToUtf8Bytes(report, ContractsJson.Default.CommandReport);
            var puback = await link.PublishAsync(Topics.CommandUp(_root, id), payload, null, cancellationToken);
            switch (puback.Code)
            {
                case null:
                    return;
                case { } code when ReasonCodes.IsSuccess(code):
                    _backOff.Reset();
                    Settle(id, report);
                    break;
                case { } code when ReasonCodes.IsRefusedForGood(code):
                    LogRefused(id, report.Status, ReasonCodes.Text(code), puback.Reason);
                    options.Observer.Refused(ReasonCodes.Text(code));
                    Settle(id, report);
                    break;
                case { } code:
                    options.Observer.Refused(ReasonCodes.Text(code));
                    await Task.Delay(_backOff.Next(), time, cancellationToken);
                    break;
            }
        }
    }

    private (string Id, CommandReport Report)? Oldest()
    {
        lock (_gate)
        {
            return _latest.Count == 0 ? null : (_latest.GetAt(0).Key, _latest.GetAt(0).Value);
        }
    }

    private void Settle(string id, CommandReport sent)
    {
        journal.Acknowledge(id, sent);
        lock (_gate)
        {
            // A later one may have come while this one was under way.
            if (_latest.TryGetValue(id, out var latest) && ReferenceEquals(latest, sent))
            {
                _latest.Remove(id);
            }
        }
    }
}
