using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MdmOrleans.Benchmarks.Load;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>The tenant, the policy and the devices of a run, made through the HTTP API like anybody's.</summary>
internal static class Fleet
{
    public const string Tenant = "bench";
    public const string Policy = "baseline";
    private const int AtATime = 16;

    /// <summary>Makes the tenant and its policy, which every device of the fleet satisfies.</summary>
    public static async Task CreateTenantAsync(HttpClient http, CancellationToken cancellationToken)
    {
        await PutAsync(http, $"/v1/tenants/{Tenant}", """{ "name": "Benchmark" }""", cancellationToken);
        await PutAsync(http, $"/v1/tenants/{Tenant}/policies/{Policy}", PolicyBody, cancellationToken);
        await PutAsync(http, $"/v1/tenants/{Tenant}", $$"""{ "name": "Benchmark", "defaultPolicy": "{{Policy}}" }""", cancellationToken);
    }

    /// <summary>Makes devices <paramref name="first"/> and up, and returns their tokens.</summary>
    public static async Task<Credential[]> CreateDevicesAsync(HttpClient http, int first, int count, CancellationToken cancellationToken)
    {
        var credentials = new Credential[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, parallel, async (i, stopping) =>
        {
            var device = NameOf(first + i);
            using var body = new StringContent($$"""{ "device": "{{device}}", "platform": "android" }""", null, "application/json");
            using var response = await http.PostAsync(new Uri($"/v1/tenants/{Tenant}/devices", UriKind.Relative), body, stopping);
            await RefuseFailureAsync(response, stopping);
            using var twin = await response.Content.ReadFromJsonAsync<JsonDocument>(stopping);
            credentials[i] = new Credential(Tenant, device, twin!.RootElement.GetProperty("deviceToken").GetString()!);
        });
        return credentials;
    }

    /// <summary>Reads the twin of each, which has it in memory for a while.</summary>
    public static Task ReadDevicesAsync(HttpClient http, IReadOnlyList<string> devices, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(devices, parallel, async (device, stopping) =>
        {
            using var response = await http.GetAsync(new Uri($"/v1/tenants/{Tenant}/devices/{device}", UriKind.Relative), stopping);
            await RefuseFailureAsync(response, stopping);
        });
    }

    /// <summary>Asks what a policy would do that hardly any device of the fleet satisfies.</summary>
    public static async Task PreviewAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var body = new StringContent(
            PolicyBody.Replace("\"android\": \"14\"", "\"android\": \"99\"", StringComparison.Ordinal), null, "application/json");
        using var response = await http.PostAsync(
            new Uri($"/v1/tenants/{Tenant}/policies/{Policy}/preview", UriKind.Relative), body, cancellationToken);
        await RefuseFailureAsync(response, cancellationToken);
    }

    /// <summary>Names and tokens for what takes any.</summary>
    public static Credential[] Unregistered(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Credential(Tenant, NameOf(i), "token"))];

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"device-{number:D7}");

    private static async Task PutAsync(HttpClient http, string path, string json, CancellationToken cancellationToken)
    {
        using var body = new StringContent(json, null, "application/json");
        using var response = await http.PutAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        await RefuseFailureAsync(response, cancellationToken);
    }

    private static async Task RefuseFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var said = await response.Content.ReadAsStringAsync(cancellationToken);
            var request = response.RequestMessage;
            throw new BenchmarkException($"{request?.Method} {request?.RequestUri}: {(int)response.StatusCode} {said}");
        }
    }

    public const string PolicyBody = """
        { "name": "Baseline", "platforms": ["android", "ios"],
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "14", "ios": "16.5" },
              "remediation": "Update to {{expected}}." },
            { "id": "encrypted", "kind": "encryption" },
            { "id": "hardware-keys", "kind": "keyProtection", "severity": "advisory" },
            { "id": "not-jailbroken", "kind": "jailbreak" },
            { "id": "patched", "kind": "patchLevel", "maximumAgeDays": 60 },
            { "id": "apps", "kind": "apps", "blocked": ["com.example.sideload"],
              "required": [{ "id": "com.microsoft.teams", "minimumVersion": "1.0" }] },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 },
            { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" },
            { "id": "locked-down", "any": [
              { "id": "a", "kind": "passcode" },
              { "id": "b", "kind": "attribute", "path": "/attributes/kiosk", "operator": "equals", "value": true } ] }
          ],
          "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "onRetire": "retire",
          "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "device" },
          "checkInSeconds": 900 }
        """;
}
