using System.Collections.Immutable;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Commands;

/// <summary>One wipe or retirement that was let through.</summary>
[GenerateSerializer, Immutable, Alias("mdm.GovernorPass")]
public sealed record GovernorPass([property: Id(0)] Guid Command, [property: Id(1)] DateTimeOffset At);

/// <summary>How many were let through in ten minutes.</summary>
/// <param name="Start">A multiple of ten minutes, UTC.</param>
[GenerateSerializer, Immutable, Alias("mdm.GovernorBucket")]
public sealed record GovernorBucket([property: Id(0)] DateTimeOffset Start, [property: Id(1)] int Passes);

/// <summary>What a governor remembers of what it let through. Bounded: neither a busy day nor many approvals make it grow.</summary>
/// <param name="Passes">Oldest first; no more than one window may hold.</param>
/// <param name="Day">Oldest first; at most 145 buckets.</param>
[GenerateSerializer, Immutable, Alias("mdm.GovernorLedger")]
public sealed record GovernorLedger(
    [property: Id(0)] ImmutableArray<GovernorPass> Passes, [property: Id(1)] ImmutableArray<GovernorBucket> Day)
{
    private static readonly TimeSpan Bucket = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DayLength = TimeSpan.FromHours(24);

    public static GovernorLedger Empty { get; } = new([], []);

    /// <summary>How many passed within the last 24 hours, rounded up to whole buckets.</summary>
    internal long CountDay(DateTimeOffset now) => Day.Where(bucket => Counts(bucket, now)).Sum(bucket => (long)bucket.Passes);

    internal GovernorLedger Add(GovernorSettings settings, Guid command, DateTimeOffset now)
    {
        var since = now - TimeSpan.FromMinutes(settings.WindowMinutes);
        GovernorPass[] counted = [.. Passes.Where(pass => pass.At > since), new GovernorPass(command, now)];
        GovernorBucket[] day = [.. Day.Where(bucket => Counts(bucket, now))];
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Bucket.Ticks), TimeSpan.Zero);
        return new GovernorLedger(
            [.. counted.TakeLast(settings.MaxInWindow)],
            day is [.., var last] && last.Start >= start // after a clock that stepped back, the newest bucket goes on
                ? [.. day[..^1], last with { Passes = last.Passes + 1 }]
                : [.. day, new GovernorBucket(start, 1)]);
    }

    private static bool Counts(GovernorBucket bucket, DateTimeOffset now) => bucket.Start + Bucket > now - DayLength;
}
