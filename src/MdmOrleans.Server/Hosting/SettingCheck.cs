using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace MdmOrleans.Server.Hosting;

/// <summary>Stops a start that would ignore what somebody wrote: a misspelled key, an empty value, a value of the wrong form.</summary>
internal static class SettingCheck
{
    /// <summary>Other libraries read this section too, so only keys that look like ours are judged.</summary>
    private const string SharedSection = "ConnectionStrings";

    private static readonly FrozenSet<string> Keys = SettingKeys.All.Select(s => s.Key).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Sections =
        SettingKeys.All.Where(s => s.Section != s.Key).Select(s => s.Section).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private enum Origin
    {
        File,
        Environment,
        CommandLine,
    }

    /// <exception cref="SettingException">One cannot be used. The message is a sentence that names its key.</exception>
    public static void Demand(IConfigurationRoot configuration)
    {
        foreach (var provider in configuration.Providers)
        {
            DemandKnown(provider);
        }

        foreach (var setting in SettingKeys.All)
        {
            DemandForm(setting, configuration[setting.Key]);
        }

        foreach (var (key, value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (value is not null && key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
            {
                throw new SettingException($"{key} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }

    private static void DemandKnown(IConfigurationProvider provider)
    {
        if (provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot root })
        {
            foreach (var inner in root.Providers)
            {
                DemandKnown(inner);
            }

            return;
        }

        Origin? from = provider switch
        {
            CommandLineConfigurationProvider => Origin.CommandLine,
            EnvironmentVariablesConfigurationProvider => Origin.Environment,
            JsonConfigurationProvider => Origin.File,
            _ => null, // what the program itself sets
        };
        if (from is { } origin && KeysOf(provider, null).FirstOrDefault(key => IsMistake(key, origin)) is { } mistake)
        {
            throw new SettingException($"{Written(mistake, provider)} is not a setting. Did you mean {Nearest(mistake)}?");
        }
    }

    private static IEnumerable<string> KeysOf(IConfigurationProvider provider, string? parent)
    {
        foreach (var child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : ConfigurationPath.Combine(parent, child);
            if (provider.TryGet(key, out _))
            {
                yield return key;
            }

            foreach (var below in KeysOf(provider, key))
            {
                yield return below;
            }
        }
    }

    /// <summary>What stands on the command line or in our file was written for us. The environment belongs to the whole machine.</summary>
    private static bool IsMistake(string key, Origin from)
    {
        if (Keys.Contains(key))
        {
            return false;
        }

        var parts = key.Split(':');
        if (parts.Length == 1)
        {
            return from != Origin.Environment && IsLikeOurs(key) && (from == Origin.CommandLine || !Sections.Contains(key)); // a file may have an empty section
        }

        var isLikely = Spelling.Distance(key, Nearest(key)) <= 2;
        return parts[0].Equals(SharedSection, StringComparison.OrdinalIgnoreCase) && from == Origin.Environment
            ? isLikely || parts[1].StartsWith("Postgres", StringComparison.OrdinalIgnoreCase)
            : Sections.Contains(parts[0]) || isLikely || (from != Origin.Environment && Sections.Any(section => Spelling.AreClose(parts[0], section)));
    }

    /// <summary>A section without its key, a key without its section, or nearly a key of one word.</summary>
    private static bool IsLikeOurs(string word) =>
        Sections.Contains(word)
        || SettingKeys.All.Any(s => s.Key.EndsWith(":" + word, StringComparison.OrdinalIgnoreCase) || (s.Key == s.Section && Spelling.AreClose(word, s.Key)));

    private static string Nearest(string key) => SettingKeys.All.Select(s => s.Key).MinBy(known => Rank(key, known))!;

    private static int Rank(string key, string known) =>
        known.EndsWith(":" + key, StringComparison.OrdinalIgnoreCase) || known.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)
            ? 1
            : Spelling.Distance(key, known);

    private static string Written(string key, IConfigurationProvider provider) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => $"{key.Replace(":", "__", StringComparison.Ordinal)} in the environment",
        JsonConfigurationProvider json => $"{key} in {json.Source.Path}",
        _ => $"--{key}",
    };

    private static void DemandForm(Setting setting, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            _ = setting.MayBeEmpty ? true : throw new SettingException($"{setting.Key} is empty; give it a value, or leave it out.");
            return;
        }

        var need = setting.Form switch
        {
            SettingForm.Whole when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => "a whole number",
            SettingForm.Number when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => "a number",
            SettingForm.Flag when !bool.TryParse(value, out _) => "true or false",
            _ => null,
        };
        if (need is not null)
        {
            throw new SettingException($"{setting.Key} is '{value}'; it must be {need}.");
        }
    }
}
