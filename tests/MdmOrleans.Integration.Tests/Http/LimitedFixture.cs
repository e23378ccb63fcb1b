using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>A server whose limits are low.</summary>
public sealed class LimitedFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-limited-").FullName;
    private ApiHost _host = null!; // set in InitializeAsync

    /// <summary>Completes the requests to <c>/v1/tenants/{tenant}/test/held</c>, each of which is counted in <see cref="Held"/> first.</summary>
    internal TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SemaphoreSlim Held { get; } = new(0);

    internal string AdminKey { get; private set; } = null!; // set in InitializeAsync

    internal Uri Address => _host.Address;

    internal ApiClient Admin => As(AdminKey);

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            _directory,
            prepare: app => app.MapGet("/v1/tenants/{tenant}/test/held", HoldAsync).ExcludeFromDescription(),
            settings:
            [
                "--Limits:RequestsPerSecond=1", "--Limits:RequestBurst=40", "--Limits:ConcurrentRequests=2", "--Limits:Streams=1",
                "--Limits:AnonymousPerSecond=1", "--Limits:AnonymousBurst=40",
            ]);
        AdminKey = await _host.ReadAdminKeyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Release.TrySetResult();
        await _host.DisposeAsync();
        Held.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    internal ApiClient As(string? key) => new(_host.Address, key);

    /// <summary>A key of its own, so that no other test has taken from its rate.</summary>
    internal async Task<string> AKeyAsync(string name)
    {
        var answer = await Admin.PostAsync("/v1/keys", $$"""{ "name": "{{name}}", "role": "admin" }""");
        Assert.Equal(201, answer.Status);
        return answer.Text("key")!;
    }

    private async Task<IResult> HoldAsync()
    {
        Held.Release();
        await Release.Task;
        return TypedResults.NoContent();
    }
}
