namespace MdmOrleans.Server.Hosting;

/// <summary>What this process does. A laptop runs all three in one; a cluster runs each as its own deployment. Every process is a silo.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Hosts the device twins.</summary>
    Twins = 1,

    /// <summary>Takes the connections of devices.</summary>
    Gateway = 2,

    /// <summary>Answers operators and services over HTTP.</summary>
    Api = 4,
    All = Twins | Gateway | Api,
}

internal static class RolesExtensions
{
    /// <summary>As an operator writes them.</summary>
    public static string ToWords(this Roles roles) =>
        string.Join(", ", Enum.GetValues<Roles>().Where(role => int.IsPow2((int)role) && roles.HasFlag(role)).Select(role => role.ToString().ToLowerInvariant()));

    /// <exception cref="SettingException">One of the words is no role, or there is none.</exception>
    public static Roles Parse(string text)
    {
        var roles = Roles.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= word switch
            {
                "twins" => Roles.Twins,
                "gateway" => Roles.Gateway,
                "api" => Roles.Api,
                _ => throw new SettingException($"Roles contains '{word}'; the roles are twins, gateway and api."),
            };
        }

        return roles == Roles.None ? throw new SettingException("Roles is empty; name one or more of twins, gateway and api.") : roles;
    }
}
