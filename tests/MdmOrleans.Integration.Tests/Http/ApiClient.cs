using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>Speaks HTTP as any stranger would.</summary>
internal sealed class ApiClient(Uri address, string? key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>The name of its key, where a test made that by hand.</summary>
    public string KeyName { get; init; } = "";

    public void Dispose() => _http.Dispose();

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PutAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, json, headers);

    public Task<ApiAnswer> PostAsync(string path, string json = "", params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers);

    public Task<ApiAnswer> PatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, json, headers, "application/merge-patch+json");

    public Task<ApiAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, null, headers);

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? body = null, (string Name, string Value)[]? headers = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!string.IsNullOrEmpty(body))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiAnswer(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

internal sealed class ApiAnswer(HttpResponseMessage response, string body)
{
    private readonly HttpResponseHeaders _headers = response.Headers;

    public int Status { get; } = (int)response.StatusCode;

    public string? MediaType { get; } = response.Content.Headers.ContentType?.MediaType;

    public string? ETag { get; } = response.Headers.ETag?.ToString();

    public string? Location { get; } = response.Headers.Location?.ToString();

    public string? RetryAfter { get; } = response.Headers.RetryAfter?.ToString();

    public string Challenge { get; } = response.Headers.WwwAuthenticate.ToString();

    public string Allow { get; } = string.Join(", ", response.Content.Headers.Allow);

    public string Body { get; } = body;

    /// <summary>Null when it is not there.</summary>
    public string? Header(string name) => _headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The code of a problem document.</summary>
    public string? Code => MediaType == "application/problem+json" ? Text("code") : null;

    /// <summary>Where the input was wrong, by JSON Pointer.</summary>
    public string[] Pointers => [.. Json.GetProperty("errors").EnumerateObject().Select(error => error.Name)];

    public string? Text(string member) => Json.GetProperty(member).GetString();

    public long Number(string member) => Json.GetProperty(member).GetInt64();

    /// <summary>One member of every item of a list.</summary>
    public string?[] Items(string member) => [.. Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(member).GetString())];
}
