namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class CommandTests(ApiFixture api)
{
    [Fact]
    public async Task A_command_is_queued_and_found_again()
    {
        var commands = $"{await api.ADeviceAsync()}/commands";

        var queued = await api.Admin.PostAsync(commands, """{ "kind": "custom", "parameters": { "a" : [1,  2.50] }, "expiresInSeconds": 60 }""");
        var read = await api.Admin.GetAsync(queued.Location!);

        Assert.Equal((202, $"{commands}/{queued.Text("id")}"), (queued.Status, queued.Location));
        Assert.Equal(("queued", "key:admin", 0L, 1L), (read.Text("status"), read.Text("requestedBy"), read.Number("attempts"), read.Number("epoch")));
        Assert.Equal("{ \"a\" : [1,  2.50] }", read.Json.GetProperty("parameters").GetRawText());
        Assert.Equal(TimeSpan.FromSeconds(60), Instant(read, "expiresAt") - Instant(read, "createdAt"));
        Assert.Equal(1L, (await api.Admin.GetAsync(commands[..^"/commands".Length])).Number("pendingCommands"));
    }

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_command()
    {
        var commands = $"{await api.ADeviceAsync()}/commands";
        var key = ("Idempotency-Key", "order-66");
        var first = await api.Admin.PostAsync(commands, """{ "kind": "restart" }""", key);

        var again = await api.Admin.PostAsync(commands, """{ "kind": "restart" }""", key);
        var other = await api.Admin.PostAsync(commands, """{ "kind": "rename" }""", key);

        Assert.Equal((202, 200), (first.Status, again.Status));
        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task An_idempotency_key_that_cannot_be_kept_is_refused(string key)
    {
        var commands = $"{await api.ADeviceAsync()}/commands";

        var answer = await api.Admin.PostAsync(commands, """{ "kind": "restart" }""", ("Idempotency-Key", key));

        Assert.Equal((400, "invalid_header"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("""{ }""", "/kind")]
    [InlineData("""{ "kind": "explode" }""", "/kind")]
    [InlineData("""{ "kind": "lock", "parameters": [] }""", "/parameters")]
    [InlineData("""{ "kind": "lock", "parameters": { "a": 1, "a": 2 } }""", "/parameters/a")]
    [InlineData("""{ "kind": "lock", "expiresInSeconds": 0 }""", "/expiresInSeconds")]
    [InlineData("""{ "kind": "lock", "expiresInSeconds": 31536001 }""", "/expiresInSeconds")]
    [InlineData("""{ "kind": "lock", "expiresAt": "2026-01-01T00:00:00Z" }""", "/expiresAt")]
    public async Task A_command_that_cannot_be_is_refused_with_the_place(string body, string pointer)
    {
        var answer = await api.Admin.PostAsync($"{await api.ADeviceAsync()}/commands", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }

    [Fact]
    public async Task Parameters_are_at_most_16_KiB()
    {
        var commands = $"{await api.ADeviceAsync()}/commands";

        var most = await api.Admin.PostAsync(commands, ACustomOf(16_384));
        var more = await api.Admin.PostAsync(commands, ACustomOf(16_385));

        Assert.Equal(202, most.Status);
        Assert.Equal((413, "parameters_too_large"), (more.Status, more.Code));
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_back()
    {
        var commands = $"{await api.ADeviceAsync()}/commands";
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(202, (await api.Admin.PostAsync(commands, """{ "kind": "restart" }""")).Status);
        }

        var refused = await api.Admin.PostAsync(commands, """{ "kind": "restart" }""");

        Assert.Equal((429, "command_queue_full", "5"), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Equal(202, (await api.Admin.PostAsync(commands, """{ "kind": "wipe" }""")).Status);
    }

    [Fact]
    public async Task Urgent_commands_are_listed_first_and_finished_ones_last()
    {
        var commands = $"{await api.ADeviceAsync()}/commands";
        var canceled = await api.Admin.PostAsync(commands, """{ "kind": "locate" }""");
        await api.Admin.PostAsync(commands, """{ "kind": "restart" }""");
        await api.Admin.PostAsync(commands, """{ "kind": "lock" }""");
        await api.Admin.DeleteAsync(canceled.Location!);

        var first = await api.Admin.GetAsync($"{commands}?limit=2");
        var rest = await api.Admin.GetAsync($"{commands}?after={first.Text("next")}");

        Assert.Equal(["lock", "restart"], first.Items("kind"));
        Assert.Equal(["canceled"], rest.Items("status"));
        Assert.False(rest.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_command_is_canceled_once()
    {
        var queued = await api.Admin.PostAsync($"{await api.ADeviceAsync()}/commands", """{ "kind": "restart" }""");

        var canceled = await api.Admin.DeleteAsync(queued.Location!);
        var again = await api.Admin.DeleteAsync(queued.Location!);

        Assert.Equal((200, "canceled"), (canceled.Status, canceled.Text("status")));
        Assert.Equal((409, "command_final"), (again.Status, again.Code));
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("not-an-id")]
    public async Task A_command_that_was_never_asked_for_is_not_found(string id)
    {
        var command = $"{await api.ADeviceAsync()}/commands/{id}";

        Assert.Equal("command_not_found", (await api.Admin.GetAsync(command)).Code);
        Assert.Equal("command_not_found", (await api.Admin.DeleteAsync(command)).Code);
    }

    private static DateTimeOffset Instant(ApiAnswer answer, string member) => answer.Json.GetProperty(member).GetDateTimeOffset();

    /// <param name="bytes">Of its parameters.</param>
    private static string ACustomOf(int bytes) => $$"""{ "kind": "custom", "parameters": {"a":"{{new string('x', bytes - 8)}}"} }""";
}
