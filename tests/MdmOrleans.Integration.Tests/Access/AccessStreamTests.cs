using System.Diagnostics;

namespace MdmOrleans.Integration.Tests.Access;

public sealed class AccessStreamTests(GateFixture server) : IClassFixture<GateFixture>
{
    [Fact]
    public async Task A_change_is_told_within_a_second_of_its_commit()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        using var source = await OpenAsync(gate);

        await gate.LetInAsync("a");
        var committedAt = Stopwatch.GetTimestamp();
        var change = await source.NextAsync();
        var elapsed = Stopwatch.GetElapsedTime(committedAt);

        Assert.Equal("text/event-stream", source.MediaType);
        Assert.Equal(
            ("a", "allow", "compliant"),
            (change!.Value.GetProperty("device").GetString(), change.Value.GetProperty("access").GetString(), change.Value.GetProperty("reason").GetString()));
        Assert.False(change.Value.TryGetProperty("zone", out _));
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Who_is_kept_out_is_told_where_to()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");
        using var source = await OpenAsync(gate);

        await gate.KeepOutAsync("a");
        var change = await source.NextAsync();

        Assert.Equal(
            ("quarantine", Gate.Zone, "noncompliant"),
            (change!.Value.GetProperty("access").GetString(), change.Value.GetProperty("zone").GetString(), change.Value.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_stream_starts_now_and_what_was_before_is_not_told()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("before");
        await gate.LetInAsync("before");
        using var source = await OpenAsync(gate);

        await gate.AddAsync("after");

        Assert.Equal("after quarantine", await ReadAsync(source));
    }

    [Fact]
    public async Task Who_comes_again_misses_nothing_also_when_the_first_connection_heard_nothing()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        string? start;
        using (var first = await OpenAsync(gate))
        {
            start = first.LastId;
        }

        await gate.LetInAsync("a");
        await gate.KeepOutAsync("a");
        using var second = await OpenAsync(gate, start);
        var heard = new[] { await ReadAsync(second), await ReadAsync(second) };
        await gate.LetInAsync("a");
        using var third = await OpenAsync(gate, second.LastId);

        Assert.Equal(["a allow", "a quarantine"], heard);
        Assert.Equal("a allow", await ReadAsync(third));
    }

    [Fact]
    public async Task The_header_of_a_browser_wins_over_the_parameter_that_it_started_with()
    {
        var gate = await server.AGateAsync();
        using var start = await OpenAsync(gate);
        await gate.AddAsync("a");
        await ReadAsync(start);
        await gate.AddAsync("b");
        await ReadAsync(start);

        using var byParameter = await EventSource.OpenAsync(server.Host.Address, server.Key, $"{gate.Path}/access/stream?after={await FirstIdAsync(gate)}");
        using var byHeader = await EventSource.OpenAsync(
            server.Host.Address, server.Key, $"{gate.Path}/access/stream?after={await FirstIdAsync(gate)}", start.LastId);
        await gate.AddAsync("c");

        Assert.Equal("b quarantine", await ReadAsync(byParameter));
        Assert.Equal("c quarantine", await ReadAsync(byHeader));
    }

    [Fact]
    public async Task Many_devices_that_change_at_once_are_each_told_once_and_in_order_however_often_the_reader_comes_again()
    {
        const int Devices = 30;
        const int Turns = 10;
        const int ReconnectEvery = 37;
        var gate = await server.AGateAsync();
        await Task.WhenAll(Enumerable.Range(0, Devices).Select(i => gate.AddAsync($"d{i}")));
        var source = await OpenAsync(gate);

        var changing = Task.WhenAll(Enumerable.Range(0, Devices).Select(async i =>
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                await (turn % 2 == 0 ? gate.LetInAsync($"d{i}") : gate.KeepOutAsync($"d{i}"));
            }
        }));
        var heard = new List<string>();
        while (heard.Count < Devices * Turns)
        {
            heard.Add(await ReadAsync(source));
            if (heard.Count % ReconnectEvery == 0)
            {
                var place = source.LastId;
                source.Dispose();
                source = await OpenAsync(gate, place);
            }
        }

        await changing;
        source.Dispose();
        var expected = Enumerable.Range(0, Turns).Select(turn => turn % 2 == 0 ? "allow" : "quarantine").ToArray();
        Assert.All(heard.GroupBy(change => change.Split(' ')[0]), device => Assert.Equal(expected, device.Select(change => change.Split(' ')[1])));
        Assert.Equal(Devices, heard.Select(change => change.Split(' ')[0]).Distinct().Count());
    }

    [Fact]
    public async Task A_long_poll_is_answered_as_soon_as_something_changes()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        var start = await server.Admin.GetAsync($"{gate.Path}/access/stream?wait=0");

        var waiting = server.Admin.GetAsync($"{gate.Path}/access/stream?wait=60&after={start.Text("next")}");
        await gate.LetInAsync("a");
        var answer = await waiting;
        var again = await server.Admin.GetAsync($"{gate.Path}/access/stream?wait=60&after={start.Text("next")}");
        var after = await server.Admin.GetAsync($"{gate.Path}/access/stream?wait=0&after={answer.Text("next")}");

        Assert.Empty(start.Items("device"));
        Assert.Equal(["allow"], answer.Items("access"));
        Assert.Equal(["allow"], again.Items("access"));
        Assert.Empty(after.Items("access"));
    }

    [Fact]
    public async Task A_long_poll_ends_when_its_time_is_over()
    {
        var gate = await server.AGateAsync();

        var answer = await server.Admin.GetAsync($"{gate.Path}/access/stream?wait=1");

        Assert.Equal(200, answer.Status);
        Assert.Empty(answer.Items("device"));
    }

    [Theory]
    [InlineData("?after=0", 400, "cursor_unknown")]
    [InlineData("?after=", 400, "cursor_unknown")]
    [InlineData("?after=AQAAAAAAAAAAAAAAAAAAAAAAAAAA", 400, "cursor_unknown")]
    [InlineData("?wait=-1", 400, "invalid_query")]
    [InlineData("?wait=301", 400, "invalid_query")]
    [InlineData("?wait=soon", 400, "invalid_query")]
    [InlineData("?since=now", 400, "invalid_query")]
    public async Task What_cannot_be_followed_is_refused(string query, int status, string code)
    {
        var gate = await server.AGateAsync();

        var answer = await server.Admin.GetAsync($"{gate.Path}/access/stream{query}");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_cursor_of_another_tenant_never_was_here()
    {
        var (mine, other) = (await server.AGateAsync(), await server.AGateAsync());
        var cursor = (await server.Admin.GetAsync($"{other.Path}/access/stream?wait=0")).Text("next");

        var answer = await server.Admin.GetAsync($"{mine.Path}/access/stream?wait=0&after={cursor}");

        Assert.Equal((400, "cursor_unknown"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_stream_of_a_removed_key_ends_while_changes_keep_coming()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        var key = (await server.Admin.PostAsync("/v1/keys", """{ "name": "follower", "role": "reader" }""")).Text("key")!;
        using var source = await EventSource.OpenAsync(server.Host.Address, key, $"{gate.Path}/access/stream");
        using var ended = new CancellationTokenSource();
        var changing = ChangeAsync();
        Assert.NotNull(await source.NextAsync());

        await server.Admin.DeleteAsync("/v1/keys/follower");

        await ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await ended.CancelAsync();
        await changing;

        async Task ReadToEndAsync()
        {
            while (await source.NextAsync() is not null)
            {
            }
        }

        async Task ChangeAsync()
        {
            while (!ended.IsCancellationRequested)
            {
                await gate.LetInAsync("a");
                await gate.KeepOutAsync("a");
            }
        }
    }

    [Fact]
    public async Task A_long_poll_ends_when_its_key_is_removed()
    {
        var gate = await server.AGateAsync();
        var key = (await server.Admin.PostAsync("/v1/keys", """{ "name": "poller", "role": "reader" }""")).Text("key")!;
        var polling = server.As(key).GetAsync($"{gate.Path}/access/stream?wait=60");

        await server.Admin.DeleteAsync("/v1/keys/poller");

        var answer = await polling.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_key_of_another_tenant_finds_nothing_to_follow()
    {
        var gate = await server.AGateAsync();
        await server.Admin.PutAsync("/v1/tenants/somewhere-else", """{ "name": "Somewhere else" }""");
        var key = (await server.Admin.PostAsync("/v1/keys", """{ "name": "stranger", "role": "reader", "tenants": ["somewhere-else"] }""")).Text("key");

        var answer = await server.As(key).GetAsync($"{gate.Path}/access/stream");

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task Asking_only_for_the_headers_ends_at_once()
    {
        var gate = await server.AGateAsync();

        var answer = await server.Admin.SendAsync(HttpMethod.Head, $"{gate.Path}/access/stream");

        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.MediaType));
    }

    private Task<EventSource> OpenAsync(Gate gate, string? lastId = null) =>
        EventSource.OpenAsync(server.Host.Address, server.Key, $"{gate.Path}/access/stream", lastId);

    private async Task<string> FirstIdAsync(Gate gate) =>
        (await server.Admin.GetAsync($"{gate.Path}/events?limit=2")).Items("cursor")[1]!; // of a device that was added: created, then quarantined

    private static async Task<string> ReadAsync(EventSource source)
    {
        var change = await source.NextAsync();
        return $"{change?.GetProperty("device")} {change?.GetProperty("access")}";
    }
}
