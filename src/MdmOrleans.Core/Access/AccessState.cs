namespace MdmOrleans.Core.Access;

[GenerateSerializer, Alias("mdm.AccessLevel")]
public enum AccessLevel
{
    Allow,

    /// <summary>The restricted zone.</summary>
    Quarantine,
    Block,
}

/// <summary>What a network, a proxy or an identity provider is told.</summary>
/// <param name="Reason">A stable word, e.g. <c>compliant</c>, <c>noncompliant</c>, <c>lost</c>.</param>
/// <param name="DecidedAt">When the level or the reason last changed.</param>
[GenerateSerializer, Immutable, Alias("mdm.AccessState")]
public sealed record AccessState(
    [property: Id(0)] AccessLevel Level,
    [property: Id(1)] string Reason,
    [property: Id(2)] DateTimeOffset DecidedAt);
