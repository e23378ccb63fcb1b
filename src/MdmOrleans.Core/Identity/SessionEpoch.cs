namespace MdmOrleans.Core.Identity;

/// <summary>Orders the MQTT connections of one device in the order in which its twin accepted them.</summary>
/// <param name="Instant">A hybrid logical clock in UTC ticks: the wall clock, or one more than the epoch before where the clock has stepped back.</param>
/// <param name="Connection">A random id that the gateway gives the connection. Two epochs with the same one mean the same connection.</param>
[GenerateSerializer, Immutable, Alias("mdm.SessionEpoch")]
public readonly record struct SessionEpoch([property: Id(0)] long Instant, [property: Id(2)] long Connection) : IComparable<SessionEpoch>
{
    public static bool operator <(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) < 0;

    public static bool operator >(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) > 0;

    public static bool operator <=(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) >= 0;

    /// <summary>This epoch, raised where necessary so that it comes after <paramref name="before"/>.</summary>
    public SessionEpoch After(SessionEpoch? before) =>
        before is { } last && last.Instant >= Instant ? this with { Instant = last.Instant + 1 } : this;

    /// <summary>How what a connection says compares with the connection that its twin knows.</summary>
    /// <param name="said">Null where the caller is no connection.</param>
    /// <param name="known">Null where the twin knows of none.</param>
    public static SessionStanding Compare(SessionEpoch? said, SessionEpoch? known) => (said, known) switch
    {
        (null, _) => SessionStanding.Current,
        (_, null) => SessionStanding.Newer,
        ({ } left, { } right) when left.Connection == right.Connection => SessionStanding.Current,
        ({ } left, { } right) => left > right ? SessionStanding.Newer : SessionStanding.Superseded,
    };

    public int CompareTo(SessionEpoch other) => (Instant, Connection).CompareTo((other.Instant, other.Connection));
}

/// <summary>Where a connection stands among the connections of its device.</summary>
public enum SessionStanding
{
    Current,

    /// <summary>Accepted after the one that the twin knows, by an activation that could not store it.</summary>
    Newer,

    /// <summary>Nothing that it says changes anything.</summary>
    Superseded,
}
