namespace MdmOrleans.Storage.GroupCommit;

/// <summary>Does for a batch, in one transaction, what each caller asked for alone.</summary>
internal interface IBatchProcessor<TItem, TOutcome>
{
    /// <summary>Fills <paramref name="outcomes"/>, in the order of <paramref name="items"/>, once everything is durable.</summary>
    /// <param name="isRetry">
    /// An earlier attempt at these items ended without a word from the database, so they may be stored already.
    /// </param>
    /// <exception cref="Exception">Nothing was done, or, after a lost connection, nobody knows.</exception>
    Task ProcessAsync(ReadOnlyMemory<TItem> items, Memory<TOutcome> outcomes, bool isRetry, CancellationToken cancellationToken);

    BatchFault Classify(Exception exception);
}
