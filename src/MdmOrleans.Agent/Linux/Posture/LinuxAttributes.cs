using System.Text.Json.Serialization;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>What the Linux agent reports as <c>attributes</c>; policies read it by JSON Pointer, so a name here is for ever.</summary>
internal sealed record LinuxAttributes
{
    public OsAttributes? Os { get; init; }

    public string? Kernel { get; init; }

    public string? Architecture { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Whether there is a TPM; absent where the kernel does not say.</summary>
    public bool? Tpm { get; init; }

    public bool? SecureBoot { get; init; }

    /// <summary>Percent.</summary>
    public int? Battery { get; init; }

    public PackageAttributes? Packages { get; init; }
}

/// <param name="Id">E.g. <c>debian</c>.</param>
internal sealed record OsAttributes(string? Id, string? Name);

/// <param name="Reported">Fewer than <paramref name="Installed"/> where not all of them fit into a check-in.</param>
internal sealed record PackageAttributes(string Manager, int Installed, int Reported);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LinuxAttributes))]
internal sealed partial class LinuxJson : JsonSerializerContext;
