namespace MdmOrleans.Storage.Retention;

/// <summary>How long events are kept.</summary>
/// <param name="Months">At least so many; 1 or more.</param>
internal sealed record HistoryRetention(int Months)
{
    /// <summary>The beginning of the month in which the oldest event that must be kept may lie: months are forgotten whole.</summary>
    public DateTimeOffset CutoffAt(DateTimeOffset now)
    {
        var oldest = now.ToUniversalTime().AddMonths(-Months);
        return new DateTimeOffset(oldest.Year, oldest.Month, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
