using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Integrations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Grains.Audit;

/// <summary>What the audit trail keeps of what grains hold. Never a secret, nor the hash of one.</summary>
internal static class ChangeDocuments
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new NameConverter() },
    };

    /// <param name="tenant">Whose trail it is for: it does not learn of other tenants. Null: the installation's.</param>
    public static Utf8Block Key(AccessKey? key, TenantId? tenant) => key is null
        ? default
        : Write(new
        {
            key.Name,
            key.Role,
            Tenants = tenant is { } own ? [own.Name] : key.Tenants?.Select(t => t.Name).ToArray(),
            key.CreatedAt,
        });

    public static Utf8Block Tenant(Tenant? tenant) => tenant is null
        ? default
        : Write(new
        {
            tenant.Id,
            tenant.Version,
            tenant.CreatedAt,
            tenant.Settings.Name,
            tenant.Settings.DefaultPolicy,
            tenant.Settings.NoncompliantWithoutPolicy,
            tenant.Settings.QuarantineZone,
            tenant.Settings.LostWipe,
            tenant.Settings.Governor,
            tenant.PendingGovernor,
        });

    /// <summary>With the policy itself.</summary>
    public static Utf8Block Policy(StoredPolicy? policy)
    {
        if (policy is null)
        {
            return default;
        }

        using var json = JsonDocument.Parse(policy.Json.Memory);
        return Write(new { Id = policy.Name, policy.Version, policy.StoredAt, Policy = json.RootElement });
    }

    /// <summary>With when its secret was made, which is when it was shown.</summary>
    public static Utf8Block Webhook(InboundSettings? settings) => settings is null
        ? default
        : Write(new { settings.Mapping, DryRun = settings.IsDryRun, settings.SecretMadeAt });

    private static Utf8Block Write<T>(T document) => new(JsonSerializer.SerializeToUtf8Bytes(document, Json));

    private sealed class NameConverter : JsonConverter<TenantId>
    {
        public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}
