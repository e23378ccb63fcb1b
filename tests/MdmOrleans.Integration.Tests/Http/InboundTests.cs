using System.Text;
using MdmOrleans.Core.Integrations;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class InboundTests(ApiFixture api)
{
    private const string Ticket = """
        { "result": { "number": "INC0010042", "subcategory": "lost", "u_serial_number": "",
          "cmdb_ci": { "display_value": "tablet-7", "link": "https://example.service-now.com/api/now/table/cmdb_ci/1", "value": "1" } } }
        """;

    [Fact]
    public async Task A_ticket_about_a_lost_device_quarantines_it_and_names_itself_in_the_history()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var answer = await DeliverAsync(device, "itsm", secret, "d-1", Ticket);

        Assert.Equal((200, "applied", "tablet-7", "lost"), (answer.Status, answer.Text("result"), answer.Text("device"), answer.Text("action")));
        Assert.Equal("Quarantined", (await api.Admin.GetAsync(device)).Text("lifecycle"));
        Assert.Contains("INC0010042", (await api.Admin.GetAsync($"{device}/events")).Body, StringComparison.Ordinal);
        Assert.Equal(["webhook:itsm"], (await api.Admin.GetAsync($"{TenantOf(device)}/holds")).Items("requestedBy"));
    }

    [Fact]
    public async Task The_same_delivery_does_nothing_twice()
    {
        var (device, secret) = await ASystemAsync("itsm");
        await DeliverAsync(device, "itsm", secret, "d-1", Ticket);
        await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Active", "reason": "found" }""");

        var again = await DeliverAsync(device, "itsm", secret, "d-1", Ticket);

        Assert.Equal((200, "applied", true), (again.Status, again.Text("result"), again.Json.GetProperty("duplicate").GetBoolean()));
        Assert.Equal("Provisioned", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task A_first_delivery_is_no_duplicate()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var answer = await DeliverAsync(device, "itsm", secret, "d-1", Ticket);

        Assert.False(answer.Json.GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task Another_body_under_the_same_delivery_is_refused()
    {
        var (device, secret) = await ASystemAsync("itsm");
        await DeliverAsync(device, "itsm", secret, "d-1", Ticket);

        var other = await DeliverAsync(device, "itsm", secret, "d-1", Ticket.Replace("lost", "found", StringComparison.Ordinal));

        Assert.Equal((409, "delivery_reused"), (other.Status, other.Code));
        Assert.Equal("Quarantined", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task Nothing_in_a_body_is_read_before_its_signature_is_proved()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var unsigned = await SendAsync(device, "itsm", "d-1", "t=1,v1=00", "{nope");
        var signed = await DeliverAsync(device, "itsm", secret, "d-2", "{nope");

        Assert.Equal((401, "signature_invalid"), (unsigned.Status, unsigned.Code));
        Assert.Equal((400, "malformed_json"), (signed.Status, signed.Code));
    }

    [Theory]
    [InlineData("""{ "a": 1, "a": 2 }""")]
    [InlineData("""{ "a": "\u0000" }""")]
    [InlineData("""{ "a": "\ud800" }""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task A_signed_body_that_no_database_keeps_is_refused(string body)
    {
        var (device, secret) = await ASystemAsync("itsm");

        var answer = await DeliverAsync(device, "itsm", secret, "d-1", body);

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_webhook_has_at_most_64_KiB()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var largest = await DeliverAsync(device, "itsm", secret, "d-1", Ticket + new string(' ', (64 * 1024) - Ticket.Length));
        var larger = await DeliverAsync(device, "itsm", secret, "d-2", Ticket + new string(' ', (64 * 1024) - Ticket.Length + 1));

        Assert.Equal(200, largest.Status);
        Assert.Equal((413, "too_large"), (larger.Status, larger.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_webhook_that_is_no_JSON_is_refused_by_its_content_type(string mediaType)
    {
        var (device, _) = await ASystemAsync("itsm");

        var answer = await api.As(null).SendAsync(
            HttpMethod.Post, $"{TenantOf(device)}/inbound/itsm", Ticket, [("X-Mdm-Delivery", "d-1"), ("X-Mdm-Signature", "t=1,v1=00")], mediaType);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_system_that_does_not_exist_is_answered_with_those_that_do()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var sent = await DeliverAsync(device, "crm", secret, "d-1", Ticket);
        var read = await api.Admin.GetAsync($"{TenantOf(device)}/inbound/crm");
        var set = await api.Admin.PutAsync($"{TenantOf(device)}/inbound/crm", "{}");

        Assert.All([sent, read, set], answer =>
        {
            Assert.Equal((404, "system_unknown"), (answer.Status, answer.Code));
            Assert.Contains("hr, itsm or disposal", answer.Text("detail"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task What_was_overheard_does_not_count_again_under_another_name()
    {
        var (device, secret) = await ASystemAsync("itsm");
        var signature = InboundSignature.Sign(secret, Encoding.UTF8.GetBytes(Ticket), TimeProvider.System.GetUtcNow());
        await SendAsync(device, "itsm", "d-1", signature, Ticket);
        await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Active", "reason": "found" }""");

        await SendAsync(device, "itsm", "d-2", signature, Ticket);

        Assert.Equal("Provisioned", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task What_is_not_signed_with_the_secret_changes_nothing()
    {
        var (device, secret) = await ASystemAsync("itsm");
        var signature = InboundSignature.Sign(secret, Encoding.UTF8.GetBytes(Ticket), TimeProvider.System.GetUtcNow());

        var forged = await DeliverAsync(device, "itsm", "another secret", "d-1", Ticket);
        var altered = await SendAsync(device, "itsm", "d-2", signature, Ticket.Replace("tablet-7", "tablet-8", StringComparison.Ordinal));
        var stranger = await SendAsync("/v1/tenants/nobody/devices/x", "itsm", "d-3", signature, Ticket);

        Assert.All([forged, altered, stranger], answer => Assert.Equal((401, "signature_invalid"), (answer.Status, answer.Code)));
        Assert.Equal("Provisioned", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_does_not()
    {
        var (device, secret) = await ASystemAsync("itsm", """{ "dryRun": true }""");

        var answer = await DeliverAsync(device, "itsm", secret, "d-1", Ticket);

        Assert.Equal(("dryRun", "lost"), (answer.Text("result"), answer.Text("action")));
        Assert.Equal("Provisioned", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task Onboarding_provisions_a_device_with_its_labels()
    {
        var (device, secret) = await ASystemAsync("hr");

        var answer = await DeliverAsync(device, "hr", secret, "d-1", """{ "serial": "C02TQ0J4MD6N", "platform": "ios", "employee": "e-77" }""");

        Assert.Equal(("applied", "C02TQ0J4MD6N"), (answer.Text("result"), answer.Text("device")));
        var made = await api.Admin.GetAsync($"{TenantOf(device)}/devices/C02TQ0J4MD6N");
        Assert.Equal(("Provisioned", "ios", "C02TQ0J4MD6N"), (made.Text("lifecycle"), made.Text("platform"), made.Text("serial")));
        Assert.Equal("e-77", made.Json.GetProperty("labels").GetProperty("employee").GetString());
    }

    [Fact]
    public async Task Disposal_retires_by_the_tenants_own_mapping_unless_the_governor_holds_it()
    {
        var (device, secret) = await ASystemAsync("disposal", """{ "mapping": { "device": "/asset/name" } }""");

        var answer = await DeliverAsync(device, "disposal", secret, "d-1", """{ "asset": { "name": "tablet-7" } }""");

        Assert.Equal(("applied", "disposed"), (answer.Text("result"), answer.Text("action")));
        Assert.Equal("Retired", (await api.Admin.GetAsync(device)).Text("lifecycle"));
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_refused_so_that_the_sender_notices()
    {
        var (device, secret) = await ASystemAsync("itsm");

        var answer = await DeliverAsync(device, "itsm", secret, "d-1", Ticket.Replace("tablet-7", "tablet-8", StringComparison.Ordinal));

        Assert.Equal((422, "device_unknown"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_a_new_one_ends_the_old_one()
    {
        var (device, secret) = await ASystemAsync("itsm");
        var path = $"{TenantOf(device)}/inbound/itsm";

        var read = await api.Admin.GetAsync(path);
        var changed = await api.Admin.PutAsync(path, """{ "newSecret": true }""");

        Assert.False(read.Json.TryGetProperty("secret", out _));
        Assert.Equal(401, (await DeliverAsync(device, "itsm", secret, "d-1", Ticket)).Status);
        Assert.Equal(200, (await DeliverAsync(device, "itsm", changed.Text("secret")!, "d-2", Ticket)).Status);
    }

    [Theory]
    [InlineData("""{ "mapping": { "device": "result" } }""", "/mapping/device")]
    [InlineData("""{ "mapping": { "event": "/e" } }""", "/mapping")]
    [InlineData("""{ "mapping": { "device": "/d", "events": { "gone": "vanished" } } }""", "/mapping/events")]
    public async Task A_mapping_that_cannot_be_is_refused_with_the_place(string body, string pointer)
    {
        var answer = await api.Admin.PutAsync($"{TenantOf(await api.ADeviceAsync())}/inbound/itsm", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }

    private static string TenantOf(string device) => device[..device.IndexOf("/devices", StringComparison.Ordinal)];

    private async Task<(string Device, string Secret)> ASystemAsync(string system, string settings = "{}")
    {
        var device = await api.ADeviceAsync();
        var answer = await api.Admin.PutAsync($"{TenantOf(device)}/inbound/{system}", settings);
        Assert.Equal(200, answer.Status);
        return (device, answer.Text("secret")!);
    }

    private Task<ApiAnswer> DeliverAsync(string device, string system, string secret, string delivery, string body) =>
        SendAsync(device, system, delivery, InboundSignature.Sign(secret, Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow()), body);

    private Task<ApiAnswer> SendAsync(string device, string system, string delivery, string signature, string body) =>
        api.As(null).PostAsync($"{TenantOf(device)}/inbound/{system}", body, ("X-Mdm-Delivery", delivery), ("X-Mdm-Signature", signature));
}
