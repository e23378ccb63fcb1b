using MdmOrleans.Api.Limits;
using MdmOrleans.Gateway;
using MdmOrleans.Grains.Commands;
using MdmOrleans.Grains.Deadlines;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>A setting that nothing would read stops the start.</summary>
public sealed class SettingKeyTests
{
    [Theory]
    [InlineData("Http:Prot", "Http:Port")]
    [InlineData("http:prot", "Http:Port")]
    [InlineData("Htpp:Port", "Http:Port")]
    [InlineData("Htpp:Adress", "Http:Address")]
    [InlineData("Mqtt:AllowToken", "Mqtt:AllowTokens")]
    [InlineData("Orleans:Silo", "Orleans:SiloPort")]
    [InlineData("Storage:MigrateOnStrat", "Storage:MigrateOnStart")]
    [InlineData("ConnectionStrings:Postgress", "ConnectionStrings:Postgres")]
    [InlineData("ConnectionStrings:Database", "ConnectionStrings:Postgres")]
    [InlineData("Port", "Http:Port")]
    [InlineData("Directory", "Storage:Directory")]
    [InlineData("Http", "Http:Port")]
    [InlineData("Role", "Roles")]
    public void A_misspelled_key_on_the_command_line_is_refused_with_the_nearest_one(string key, string nearest)
    {
        var refusal = Assert.Throws<SettingException>(() => SettingCheck.Demand(CommandLine(key, "1")));

        Assert.Equal($"--{key} is not a setting. Did you mean {nearest}?", refusal.Message);
    }

    [Theory]
    [InlineData("Http__Prot", "Http:Port")]
    [InlineData("Htpp__Port", "Http:Port")]
    [InlineData("CONNECTIONSTRINGS__POSTGRESQL", "ConnectionStrings:Postgres")]
    public void A_misspelled_variable_is_refused_as_it_is_written_there(string variable, string nearest)
    {
        var refusal = Assert.Throws<SettingException>(() => SettingCheck.Demand(OneVariable(variable, "1")));

        Assert.StartsWith(variable, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Did you mean {nearest}?", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("ORLEANS_SERVICE_ID")]
    [InlineData("HTTP")]
    [InlineData("MQTT_PORT")]
    [InlineData("PORT")]
    [InlineData("Auth0__Domain")]
    [InlineData("Https__Certificates__Path")]
    [InlineData("ConnectionStrings__Default")]
    [InlineData("Logging__LogLevel__Default__x")]
    public void A_variable_of_another_program_does_not_matter(string variable) => SettingCheck.Demand(OneVariable(variable, "1"));

    [Theory]
    [InlineData("urls", "http://localhost")]
    [InlineData("environment", "Staging")]
    [InlineData("AllowedHosts", "*")]
    [InlineData("Logging:LogLevel:Npgsql", "Debug")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "5")]
    [InlineData("HTTP:PORT", "8081")]
    [InlineData("Access:TrustedProxies", "")]
    public void A_setting_of_the_framework_or_in_other_letters_passes(string key, string value) => SettingCheck.Demand(CommandLine(key, value));

    [Theory]
    [InlineData("Deadlines:Concurrency", "many", "it must be a whole number")]
    [InlineData("Deadlines:EvaluationsPerSecond", "1.5", "it must be a whole number")]
    [InlineData("Mqtt:MessageBurst", "99999999999", "it must be a whole number")]
    [InlineData("Mqtt:AllowTokens", "perhaps", "it must be true or false")]
    [InlineData("Logging:LogLevel:Default", "Loud", "it must be one of Trace")]
    [InlineData("ConnectionStrings:Postgres", "", "is empty")]
    [InlineData("Auth:AdminKey", "", "is empty")]
    [InlineData("Mqtt:Port", " ", "is empty")]
    public void A_value_of_the_wrong_form_is_refused_in_our_words(string key, string value, string words)
    {
        var refusal = Assert.Throws<SettingException>(() => SettingCheck.Demand(CommandLine(key, value)));

        Assert.StartsWith(key + " is ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mqtt", typeof(MqttOptions))]
    [InlineData("Deadlines", typeof(DeadlineOptions))]
    [InlineData("Limits", typeof(RequestLimitsOptions))]
    [InlineData("Governor", typeof(GovernorOptions))]
    [InlineData("Limits", typeof(LimitsOptions))]
    public void Every_option_that_is_bound_to_a_section_is_a_known_setting(string section, Type options)
    {
        var properties = options.GetProperties().Select(property => $"{section}:{property.Name}");

        Assert.Subset(SettingKeys.All.Select(setting => setting.Key).ToHashSet(), properties.ToHashSet());
    }

    private static IConfigurationRoot CommandLine(string key, string value) => new ConfigurationBuilder().AddCommandLine([$"--{key}={value}"]).Build();

    /// <summary>The machine that runs the tests has an environment of its own; a prefix keeps it out.</summary>
    private static IConfigurationRoot OneVariable(string name, string value)
    {
        const string Prefix = "MDM_SETTING_KEY_TESTS_";
        Environment.SetEnvironmentVariable(Prefix + name, value);
        try
        {
            return new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Prefix + name, null);
        }
    }
}
