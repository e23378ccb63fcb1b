using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MdmOrleans.Server.Demo;

/// <summary>What happens in the first minute of the first start, over HTTP as an operator would ask for it. The second start does not repeat it.</summary>
internal sealed partial class DemoShow(Uri server, DemoSecrets secrets, string directory, TextWriter output, ILogger logger) : IDisposable
{
    public const string Tenant = "acme";
    public const string LostDevice = "ios-2";
    private const string Approver = "demo-approver";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server, $"/v1/") };

    private string DonePath => Path.Combine(directory, "demo-shown");

    /// <summary>True from the second start on.</summary>
    public bool IsDone => File.Exists(DonePath);

    public void Dispose() => _http.Dispose();

    public async Task RunAsync(CancellationToken stop)
    {
        if (IsDone)
        {
            return;
        }

        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secrets.Administrator);
        try
        {
            await MakeApproverAsync(stop);
            await ConnectedAsync(LostDevice, stop);
            var operation = await StartOperationAsync(stop);
            var hold = await LoseAsync(stop);
            DemoGuide.Show(output, server, secrets, operation, hold);
            await File.WriteAllTextAsync(DonePath, "", stop);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException)
        {
            LogFailed(e.Message);
        }
    }

    private async Task MakeApproverAsync(CancellationToken stop)
    {
        if (secrets.HasApprover)
        {
            return;
        }

        using var answer = await _http.PostAsync("keys", JsonBody($$"""{ "name": "{{Approver}}", "role": "operator", "tenants": ["{{Tenant}}"] }"""), stop);
        if (answer.StatusCode != HttpStatusCode.Conflict) // made by a start that was cut off: nobody has its secret any more
        {
            secrets.KeepApprover((await ReadAsync(answer, stop)).GetProperty("key").GetString()!); // 201 always has it
        }
    }

    private async Task ConnectedAsync(string device, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if ((await GetAsync($"tenants/{Tenant}/devices/{device}", stop)).GetProperty("lifecycle").GetString() != "Provisioned")
            {
                return;
            }
        }
    }

    private async Task<string> StartOperationAsync(CancellationToken stop)
    {
        const string Body =
            """{ "kind": "message", "parameters": { "text": "Hello" }, "filter": { "label": "demo=simulated" }, "waves": [10, 50, 100], "ratePerSecond": 1 }""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"tenants/{Tenant}/commands") { Content = JsonBody(Body) };
        request.Headers.Add("Idempotency-Key", "demo-show");
        using var answer = await _http.SendAsync(request, stop);
        return (await ReadAsync(answer, stop)).GetProperty("id").GetString()!; // 202 always has it
    }

    /// <summary>Returns the id of the wipe that is held; null where the tenant lets it go at once.</summary>
    private async Task<string?> LoseAsync(CancellationToken stop)
    {
        const string Body = """{ "to": "Quarantined", "reason": "lost", "note": "Left in a taxi" }""";
        using var answer = await _http.PostAsync($"tenants/{Tenant}/devices/{LostDevice}/transitions", JsonBody(Body), stop);
        await ReadAsync(answer, stop);
        var holds = await GetAsync($"tenants/{Tenant}/holds", stop);
        return holds.GetProperty("items").EnumerateArray()
            .Where(hold => hold.GetProperty("device").GetString() == LostDevice)
            .Select(hold => hold.GetProperty("id").GetString())
            .FirstOrDefault();
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(path, stop);
        return await ReadAsync(answer, stop);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
    }

    private static StringContent JsonBody(string json) => new(json, new MediaTypeHeaderValue("application/json"));

    [LoggerMessage(6201, LogLevel.Warning, "The demo could not show everything: {Message}")]
    private partial void LogFailed(string message);
}
