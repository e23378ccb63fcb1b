using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MdmOrleans.Agent.Simulation;

/// <summary>Creates the devices of a fleet over the HTTP interface.</summary>
/// <param name="http">With the base address of the interface.</param>
/// <param name="key">Of an operator.</param>
public sealed class FleetProvisioner(HttpClient http, string key)
{
    /// <summary>Creates devices <c>sim-0001</c> and so on, of mixed platforms. One that exists gets a new token, which ends its old one.</summary>
    /// <exception cref="HttpRequestException">The server is not there, or refuses; the message says what.</exception>
    public async IAsyncEnumerable<FleetCredential> CreateAsync(
        string tenant, int count, int seed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"sim-{i + 1:D4}");
            var device = new FleetCredential(tenant, name, "", SimulatedFleet.PlatformOf(i));
            yield return device with { Token = await CreateAsync(device, SimulatedFleet.SerialOf(device, seed), cancellationToken) };
        }
    }

    private async Task<string> CreateAsync(FleetCredential device, string serial, CancellationToken cancellationToken)
    {
        var devices = $"v1/tenants/{Uri.EscapeDataString(device.Tenant)}/devices";
        using var body = JsonContent.Create(new NewDevice(device.Device, device.Platform, serial), ProvisioningJson.Default.NewDevice);
        using var created = await SendAsync(devices, body, cancellationToken);
        if (created.StatusCode != HttpStatusCode.Conflict)
        {
            return await TokenOfAsync(created, cancellationToken);
        }

        using var renewed = await SendAsync($"{devices}/{device.Device}/token", null, cancellationToken);
        return await TokenOfAsync(renewed, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await http.SendAsync(request, cancellationToken);
    }

    private static async Task<string> ComplaintAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            if (await answer.Content.ReadFromJsonAsync(ProvisioningJson.Default.Complaint, cancellationToken) is { Code: { } code } complaint)
            {
                return $"The server answered {(int)answer.StatusCode} {code}: {complaint.Detail ?? complaint.Title}".TrimEnd(' ', ':');
            }
        }
        catch (JsonException)
        {
            return $"The server answered {(int)answer.StatusCode}; is that the address of the HTTP interface?"; // it is not ours
        }

        return $"The server answered {(int)answer.StatusCode}.";
    }

    private static async Task<string> TokenOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(await ComplaintAsync(answer, cancellationToken), null, answer.StatusCode);
        }

        var issued = await answer.Content.ReadFromJsonAsync(ProvisioningJson.Default.IssuedToken, cancellationToken);
        return issued?.DeviceToken ?? throw new HttpRequestException("The server's answer has no deviceToken.");
    }
}

internal sealed record NewDevice(string Device, string Platform, string Serial);

internal sealed record IssuedToken(string? DeviceToken);

/// <summary>What is shown of a problem document.</summary>
internal sealed record Complaint(string? Code, string? Title, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewDevice))]
[JsonSerializable(typeof(IssuedToken))]
[JsonSerializable(typeof(Complaint))]
internal sealed partial class ProvisioningJson : JsonSerializerContext;
