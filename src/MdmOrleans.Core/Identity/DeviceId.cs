using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;

namespace MdmOrleans.Core.Identity;

/// <summary>Names one device inside one tenant, e.g. <c>acme/tablet-7</c>.</summary>
/// <remarks>Neither part can hold the separators <c>/</c> and <c>:</c>, so no two devices share a text.</remarks>
[GenerateSerializer, Immutable, Alias("mdm.DeviceId")]
public readonly record struct DeviceId
{
    private DeviceId(TenantId tenant, string name) => (Tenant, Name) = (tenant, name);

    [Id(0)]
    public TenantId Tenant { get; }

    /// <summary>Matches <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>; case-sensitive.</summary>
    [Id(1)]
    public string Name { get; }

    /// <summary>The client id and user name of the device: <c>acme:tablet-7</c>.</summary>
    public string ClientId => $"{Tenant}:{Name}";

    /// <summary>0 to 255, and the same for ever: rows and deadlines are split by it.</summary>
    public int Shard => (int)(StableHash & 0xFF);

    /// <summary>The same in every process and release: XXH64 of the UTF-8 of <see cref="ToString"/>.</summary>
    public ulong StableHash
    {
        get
        {
            var text = ToString();
            Span<byte> utf8 = stackalloc byte[128]; // both names are ASCII: 63 + 1 + 64 at most
            return XxHash64.HashToUInt64(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        }
    }

    /// <summary>The text that grain keys are made of; false, and no exception, for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id) => TryParse(text, '/', out id);

    /// <summary>Reads <see cref="ClientId"/>.</summary>
    public static bool TryParseClientId([NotNullWhen(true)] string? text, out DeviceId id) => TryParse(text, ':', out id);

    public static bool TryCreate([NotNullWhen(true)] string? tenant, [NotNullWhen(true)] string? device, out DeviceId id)
    {
        id = TenantId.TryParse(tenant, out var tenantId) && Names.IsMixed(device) ? new DeviceId(tenantId, device!) : default;
        return id.Name is not null;
    }

    /// <summary>For text that we wrote ourselves.</summary>
    /// <exception cref="FormatException">It is not the name of a device.</exception>
    public static DeviceId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the name of a device");

    /// <summary>The grain key, and the two topic segments behind <c>mdm/v1/</c>.</summary>
    public override string ToString() => $"{Tenant}/{Name}";

    private static bool TryParse(string? text, char separator, out DeviceId id)
    {
        var cut = text is null ? -1 : text.IndexOf(separator);
        id = default;
        return cut > 0 && TryCreate(text![..cut], text[(cut + 1)..], out id);
    }
}
