namespace MdmOrleans.Core.Identity;

/// <summary>Orders the MQTT connections of one device: the later one wins, whatever arrives in which order.</summary>
/// <param name="Instant">When the gateway accepted it, in UTC ticks.</param>
/// <param name="Silo">Tells apart two gateways that accept within one tick.</param>
/// <param name="Counter">Counts the connections of one gateway process.</param>
[GenerateSerializer, Immutable, Alias("mdm.SessionEpoch")]
public readonly record struct SessionEpoch(
    [property: Id(0)] long Instant,
    [property: Id(1)] int Silo,
    [property: Id(2)] long Counter) : IComparable<SessionEpoch>
{
    public static bool operator <(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) < 0;

    public static bool operator >(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) > 0;

    public static bool operator <=(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SessionEpoch left, SessionEpoch right) => left.CompareTo(right) >= 0;

    public int CompareTo(SessionEpoch other) => (Instant, Silo, Counter).CompareTo((other.Instant, other.Silo, other.Counter));
}
