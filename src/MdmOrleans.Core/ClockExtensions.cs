namespace MdmOrleans.Core;

public static class ClockExtensions
{
    extension(TimeProvider time)
    {
        /// <summary>Now, in whole milliseconds: what every database and every JSON reader gives back as it was.</summary>
        public DateTimeOffset GetInstant()
        {
            var now = time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }
}
