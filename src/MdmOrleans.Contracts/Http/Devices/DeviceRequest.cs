using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Contracts.Http.Devices;

/// <summary>Body of <c>POST /v1/tenants/{tenant}/devices</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeviceRequest
{
    /// <summary>Its name: 1 to 64 letters, digits, dots, underscores and hyphens, the first a letter or digit; case-sensitive.</summary>
    public required string Device { get; init; }

    /// <summary>What it is, until it says so itself.</summary>
    [AllowedValues(
        PlatformNames.Android, PlatformNames.Ios, PlatformNames.Ipados, PlatformNames.Macos, PlatformNames.Windows, PlatformNames.Linux, PlatformNames.Other)]
    public string? Platform { get; init; }

    /// <summary>Its serial number, until it says so itself; 1 to 128 characters.</summary>
    public string? Serial { get; init; }

    /// <summary>At most 64; names like those of devices, values of at most 256 characters.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Name of a policy of the tenant. Absent: the tenant's default.</summary>
    public string? Policy { get; init; }
}
