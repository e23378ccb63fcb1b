namespace MdmOrleans.Storage.Retention;

/// <summary>Forgets the oldest part of every history, and keeps its anchors and the floors of the cursors.</summary>
internal interface IHistoryPruner
{
    /// <summary>Whatever was recorded before <paramref name="cutoff"/>, the first instant of a month. Again, or by two at once, changes nothing more.</summary>
    Task PruneAsync(DateTimeOffset cutoff, CancellationToken cancellationToken);
}
