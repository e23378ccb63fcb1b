namespace MdmOrleans.Core.Identity;

/// <summary>Who did it, as the history spells it. A key is <c>key:{name}</c>.</summary>
public static class Actors
{
    public const string Device = "device";

    /// <summary>What the server does by itself.</summary>
    public const string Server = "server";
    public const string Compliance = "rule:compliance";
    public const string Grace = "rule:grace";
    public const string Ladder = "rule:ladder";
    public const string Governor = "rule:governor";
    public const string Expiry = "rule:expiry";

    /// <summary>An operation that goes on, stops or ends by itself.</summary>
    public const string Waves = "rule:waves";

    private const string KeyPrefix = "key:";

    public static string Key(string name) => KeyPrefix + name;

    /// <summary>The name of the key; null when the actor is none.</summary>
    public static string? KeyOf(string actor) => actor.StartsWith(KeyPrefix, StringComparison.Ordinal) ? actor[KeyPrefix.Length..] : null;
}
