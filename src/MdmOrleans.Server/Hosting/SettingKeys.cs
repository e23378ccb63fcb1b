using System.Collections.Immutable;

namespace MdmOrleans.Server.Hosting;

/// <summary>Every setting that the product owns. A key in one of their sections that is not here stops the start.</summary>
/// <remarks>A new setting needs its line here and its row in README.</remarks>
internal static class SettingKeys
{
    public static ImmutableArray<Setting> All { get; } =
    [
        new("Roles"),

        new("Storage:Directory"),
        new("Storage:MigrateOnStart", SettingForm.Flag),
        new("ConnectionStrings:Postgres"),

        new("Http:Port"),
        new("Http:Address"),
        new("Http:PlainPort"),
        new("Http:AllowPlain", SettingForm.Flag),
        new("Http:MaxConnections", SettingForm.Whole),

        new("Mqtt:Port", SettingForm.Whole),
        new("Mqtt:TlsPort", SettingForm.Whole),
        new("Mqtt:MaxConnections", SettingForm.Whole),
        new("Mqtt:AllowTokens", SettingForm.Flag),
        new("Mqtt:MessagesPerSecond", SettingForm.Whole),
        new("Mqtt:MessageBurst", SettingForm.Whole),
        new("Mqtt:EventsPerDay", SettingForm.Whole),
        new("Mqtt:FailedConnectsPerSecond", SettingForm.Whole),
        new("Mqtt:FailedConnectBurst", SettingForm.Whole),
        new("Mqtt:CallsInFlight", SettingForm.Whole),

        new("Orleans:ClusterId"),
        new("Orleans:ServiceId"),
        new("Orleans:SiloPort"),
        new("Orleans:GatewayPort"),
        new("Orleans:AdvertisedAddress"),
        new("Orleans:Tls:Certificate"),
        new("Orleans:Tls:Key"),
        new("Orleans:Tls:Authority"),

        new("Auth:AdminKey"),
        new("Audit:AnchorKeyFile"),
        new("Access:TrustedProxies", MayBeEmpty: true), // nobody is trusted

        new("Deadlines:Concurrency", SettingForm.Whole),
        new("Deadlines:EvaluationsPerSecond", SettingForm.Whole),

        new("Governor:KeyAgeHours", SettingForm.Whole),

        new("Limits:RequestsPerSecond", SettingForm.Whole),
        new("Limits:RequestBurst", SettingForm.Whole),
        new("Limits:ConcurrentRequests", SettingForm.Whole),
        new("Limits:Streams", SettingForm.Whole),
        new("Limits:AnonymousPerSecond", SettingForm.Whole),
        new("Limits:AnonymousBurst", SettingForm.Whole),
        new("Limits:Keys", SettingForm.Whole),
        new("Limits:Policies", SettingForm.Whole),
        new("Limits:PolicyVersions", SettingForm.Whole),
        new("Limits:Labels", SettingForm.Whole),
        new("Limits:Patterns", SettingForm.Whole),

        new("History:RetentionMonths"),
    ];
}
