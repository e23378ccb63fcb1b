namespace MdmOrleans.Core.Clocks;

/// <summary>Watches the clock of this server against clocks that nobody can set.</summary>
public interface IClockGuard
{
    /// <summary>True while the clock is in doubt: nothing is to happen only because of what it says.</summary>
    bool IsSuspended { get; }

    /// <summary>The clocks as they stand now.</summary>
    ClockReading Read();

    /// <summary>Believes the server's own clock as it is now, and its present difference from the database server's.</summary>
    void Confirm();
}

/// <param name="System">What the server's own clock says.</param>
/// <param name="Trusted">By what the server works: the same, unless the clock is in doubt.</param>
/// <param name="Doubt">What is wrong, as a sentence for an operator; null when nothing is.</param>
[GenerateSerializer, Immutable, Alias("mdm.ClockReading")]
public sealed record ClockReading(
    [property: Id(0)] DateTimeOffset System,
    [property: Id(1)] DateTimeOffset Trusted,
    [property: Id(2)] string? Doubt);
