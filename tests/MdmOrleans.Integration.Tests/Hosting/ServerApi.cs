using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Contracts.Http.History;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>What an operator does with curl.</summary>
internal sealed class ServerApi(HttpClient http)
{
    private const int PageSize = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task PutTenantAsync(string tenant, string body = """{ "name": "A tenant" }""") =>
        SendAsync(HttpMethod.Put, $"v1/tenants/{tenant}", body);

    public Task PutPolicyAsync(string tenant, string policy, string body) =>
        SendAsync(HttpMethod.Put, $"v1/tenants/{tenant}/policies/{policy}", body);

    /// <summary>Its token.</summary>
    public async Task<string> CreateDeviceAsync(string tenant, string device)
    {
        var body = $$"""{ "device": "{{device}}" }""";
        var twin = await SendAsync(HttpMethod.Post, $"v1/tenants/{tenant}/devices", body, HttpJson.Default.TwinBody);
        return twin.DeviceToken!; // of a device that was created just now
    }

    /// <summary>A new token, which ends the life of the one before.</summary>
    public async Task<string> IssueTokenAsync(string tenant, string device)
    {
        var issued = await SendAsync(HttpMethod.Post, $"v1/tenants/{tenant}/devices/{device}/token", "", HttpJson.Default.DeviceTokenBody);
        return issued.DeviceToken;
    }

    public Task<TwinBody> TwinAsync(string tenant, string device) =>
        GetAsync($"v1/tenants/{tenant}/devices/{device}", HttpJson.Default.TwinBody);

    public Task<Page<TwinBody>> TwinsAsync(string tenant) =>
        GetAsync($"v1/tenants/{tenant}/devices?limit={PageSize}", HttpJson.Default.PageTwinBody);

    /// <summary>All of it.</summary>
    public async Task<IReadOnlyList<EventBody>> HistoryAsync(string tenant, string device)
    {
        var events = new List<EventBody>();
        var after = "0";
        do
        {
            var path = $"v1/tenants/{tenant}/devices/{device}/events?limit={PageSize}&after={after}";
            var page = await GetAsync(path, HttpJson.Default.PageEventBody);
            events.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return events;
    }

    public Task<CommandBody> QueueCommandAsync(string tenant, string device, string body = """{ "kind": "message" }""") =>
        SendAsync(HttpMethod.Post, $"v1/tenants/{tenant}/devices/{device}/commands", body, HttpJson.Default.CommandBody);

    /// <summary>The same key again is the same command.</summary>
    public async Task<CommandBody> QueueCommandOnceAsync(string tenant, string device, string idempotencyKey)
    {
        using var request = Request(HttpMethod.Post, $"v1/tenants/{tenant}/devices/{device}/commands", """{ "kind": "message" }""");
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await http.SendAsync(request, Cancellation);
        return await ReadAsync(response, HttpJson.Default.CommandBody);
    }

    /// <summary>For a part of the fleet.</summary>
    public Task QueueCommandsAsync(string tenant, string body) => SendAsync(HttpMethod.Post, $"v1/tenants/{tenant}/commands", body);

    public Task<CommandBody> CommandAsync(string tenant, string device, string id) =>
        GetAsync($"v1/tenants/{tenant}/devices/{device}/commands/{id}", HttpJson.Default.CommandBody);

    public Task<Page<HoldBody>> HoldsAsync(string tenant) => GetAsync($"v1/tenants/{tenant}/holds", HttpJson.Default.PageHoldBody);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> PostAsync(string path)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), null, Cancellation);
        return response.StatusCode;
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return await ReadAsync(response, type);
    }

    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        using var request = Request(method, path, body);
        using var response = await http.SendAsync(request, Cancellation);
        await DemandAsync(response);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, string body, JsonTypeInfo<T> type)
    {
        using var request = Request(method, path, body);
        using var response = await http.SendAsync(request, Cancellation);
        return await ReadAsync(response, type);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string body) =>
        new(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type)
    {
        await DemandAsync(response);
        return (await response.Content.ReadFromJsonAsync(type, Cancellation))!; // no answer of this interface is null
    }

    private static async Task DemandAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            var words = await response.Content.ReadAsStringAsync(Cancellation);
            var uri = response.RequestMessage!.RequestUri; // it came from a request
            throw new HttpRequestException($"{uri}: {(int)response.StatusCode} {words}", null, response.StatusCode);
        }
    }
}
