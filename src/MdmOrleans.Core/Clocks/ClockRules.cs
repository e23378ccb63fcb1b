using System.Globalization;

namespace MdmOrleans.Core.Clocks;

/// <summary>Whether the clock of a server is to be believed.</summary>
public static class ClockRules
{
    /// <summary>Clocks that differ by more than this do not agree. One that is off by less is corrected without a word.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>True when the two differ by five minutes at most.</summary>
    public static bool Agree(DateTimeOffset left, DateTimeOffset right) => (left - right).Duration() <= Tolerance;

    /// <summary>The instant from which a server counts when it has just started.</summary>
    /// <param name="system">What its own clock says.</param>
    /// <param name="database">What the database server's clock says; null where there is none.</param>
    /// <param name="mark">The latest instant that was stored as certain; null before the first.</param>
    /// <remarks>Of two clocks the earlier one: too early delays a deadline, too late would quarantine a fleet.</remarks>
    public static DateTimeOffset StartAt(DateTimeOffset system, DateTimeOffset? database, DateTimeOffset? mark)
    {
        var earlier = database is { } other && other < system && !Agree(other, system) ? other : system;
        return mark is { } last && last > earlier && !Agree(last, earlier) ? last : earlier;
    }

    /// <summary>What is wrong with the clock, as a sentence for an operator; null when nothing is.</summary>
    /// <param name="system">What the server's own clock says.</param>
    /// <param name="steady">What it should say: the last certain instant and what has passed since, by a clock that cannot be set.</param>
    /// <param name="databaseAhead">How far the database server's clock is ahead of the server's own; null where it is not known.</param>
    /// <param name="accepted">The difference that an administrator has confirmed.</param>
    public static string? Doubt(DateTimeOffset system, DateTimeOffset steady, TimeSpan? databaseAhead, TimeSpan? accepted)
    {
        if (!Agree(system, steady))
        {
            return $"The clock of this server is {Text(system - steady)} where it should be. {Consequence}";
        }

        return databaseAhead is { } ahead && ahead.Duration() > Tolerance && !((ahead - accepted)?.Duration() <= Tolerance)
            ? $"The clock of the database server is {Text(ahead)} the clock of this server. {Consequence}"
            : null;
    }

    private const string Consequence =
        "Deadlines and expiry are suspended until the clocks agree or an administrator confirms with POST /v1/clock/confirm.";

    private static string Text(TimeSpan difference)
    {
        var amount = TimeSpan.FromMinutes(Math.Round(difference.Duration().TotalMinutes));
        var text = amount.Days > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{amount.Days} d {amount.Hours} h {amount.Minutes} min")
            : string.Create(CultureInfo.InvariantCulture, $"{amount.Hours} h {amount.Minutes} min");
        return $"{text} {(difference > TimeSpan.Zero ? "ahead of" : "behind")}";
    }
}
