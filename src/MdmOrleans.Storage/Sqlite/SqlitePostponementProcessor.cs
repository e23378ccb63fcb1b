using System.Buffers;
using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Stores the new times of a batch of twins in one transaction, row by row.</summary>
internal sealed class SqlitePostponementProcessor(SqliteWriter writer, TwinCodec codec) : IBatchProcessor<Postponement, SaveOutcome>
{
    private const string Sql = """
        UPDATE devices SET next_due_at = ?6, state = ?7
        WHERE tenant = ?1 AND device = ?2 AND version = ?3 AND created_at = ?4 AND next_due_at = ?5
        """;

    private readonly ArrayBufferWriter<byte> _bytes = new(4 * 1024); // used by the writer's thread only

    public BatchFault Classify(Exception exception) => SqliteFaults.Classify(exception);

    public Task ProcessAsync(
        ReadOnlyMemory<Postponement> items, Memory<SaveOutcome> outcomes, bool isRetry, CancellationToken cancellationToken) =>
        writer.RunAsync(session =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                outcomes.Span[i] = Store(session, items.Span[i]);
            }

            return items.Length;
        });

    private SaveOutcome Store(SqliteSession session, in Postponement item)
    {
        _bytes.ResetWrittenCount();
        codec.Write(_bytes, item.After);
        var statement = session.Statement(Sql);
        statement.Bind(1, item.Before.Id.Tenant.Name);
        statement.Bind(2, item.Before.Id.Name);
        statement.Bind(3, item.Before.Version);
        statement.Bind(4, item.Before.CreatedAt);
        statement.Bind(5, item.Before.NextDueAt);
        statement.Bind(6, item.After.NextDueAt);
        statement.Bind(7, _bytes.WrittenSpan);
        return statement.Execute() == 1 ? SaveOutcome.Saved : SaveOutcome.Conflict;
    }
}
