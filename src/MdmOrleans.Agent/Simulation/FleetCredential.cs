using System.Text.Json.Serialization;

namespace MdmOrleans.Agent.Simulation;

/// <summary>One line of a credentials file: a device that may connect.</summary>
/// <remarks>Its text form leaves the token out, so that it can be logged.</remarks>
/// <param name="Platform">As on the wire, e.g. <c>android</c>.</param>
public sealed record FleetCredential(string Tenant, string Device, string Token, string Platform)
{
    public override string ToString() => $"{Tenant}:{Device} ({Platform})";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FleetCredential))]
internal sealed partial class CredentialJson : JsonSerializerContext;
