using System.Net.Http.Headers;
using System.Text.Json;

namespace MdmOrleans.Integration.Tests.Access;

/// <summary>Reads server-sent events line by line, as a browser does.</summary>
internal sealed class EventSource : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventSource(HttpClient http, HttpResponseMessage response, Stream body) =>
        (_http, _response, _lines) = (http, response, new StreamReader(body));

    /// <summary>What a browser would send as Last-Event-ID.</summary>
    public string? LastId { get; private set; }

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    /// <param name="lastId">Null: none.</param>
    public static async Task<EventSource> OpenAsync(Uri address, string key, string path, string? lastId = null)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var source = new EventSource(http, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await source.StartedAsync();
        return source;
    }

    /// <summary>The next change; null when the server has ended the stream.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line["id: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
    }

    /// <summary>It has said where it starts: from here on nothing is missed.</summary>
    private async Task StartedAsync()
    {
        while (LastId is null && await _lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            LastId = line.StartsWith("id: ", StringComparison.Ordinal) ? line["id: ".Length..] : null;
        }
    }
}
