using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>Changes that would take access from a large part of a fleet.</summary>
[Collection(ApiTests.Name)]
public sealed class MassEffectTests(ApiFixture api)
{
    private const string Baseline = """{ "name": "Baseline", "rules": [{ "id": "os", "kind": "osVersion", "minimum": { "linux": "2.0" } }] }""";
    private const string Stricter = """{ "name": "Baseline", "rules": [{ "id": "os", "kind": "osVersion", "minimum": { "linux": "3.0" } }] }""";

    [Fact]
    public async Task A_policy_that_would_take_access_from_the_fleet_at_the_end_of_its_grace_waits_for_a_word()
    {
        var tenant = await AFleetAsync(("a", "2.5"), ("b", "3.5"), ("c", "1.0"));
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "never-checked-in" }""");

        var stopped = await api.Admin.PutAsync($"{tenant}/policies/baseline", Stricter);
        var word = stopped.Text("confirm");
        var wrong = await api.Admin.PutAsync($"{tenant}/policies/baseline?confirm=0{word![1..]}", Stricter);
        var other = await api.Admin.PutAsync($"{tenant}/policies/baseline?confirm={word}", Stricter.Replace("3.0", "4.0", StringComparison.Ordinal));
        var confirmed = await api.Admin.PutAsync($"{tenant}/policies/baseline?confirm={word}", Stricter);

        Assert.Equal((409, "mass_effect", "fleet"), (stopped.Status, stopped.Code, stopped.Text("judged")));
        Assert.Equal((3, 3, 1), (stopped.Number("fleet"), stopped.Number("devices"), stopped.Number("affected")));
        Assert.Equal("""{"allow":3,"quarantine":0,"block":0}""", stopped.Json.GetProperty("before").GetRawText());
        Assert.Equal("""{"allow":2,"quarantine":1,"block":0}""", stopped.Json.GetProperty("after").GetRawText());
        Assert.Equal((409, 409), (wrong.Status, other.Status));
        Assert.Equal((200, 2), (confirmed.Status, confirmed.Number("version")));
    }

    [Fact]
    public async Task A_word_counts_for_whoever_it_was_given_to_and_for_no_other_tenant()
    {
        var tenant = await AFleetAsync(("a", "2.5"));
        var another = await AFleetAsync(("a", "2.5"));
        var word = (await api.Admin.PutAsync($"{tenant}/policies/baseline", Stricter)).Text("confirm");

        var stranger = await (await api.AsAsync("admin")).PutAsync($"{tenant}/policies/baseline?confirm={word}", Stricter);
        var elsewhere = await api.Admin.PutAsync($"{another}/policies/baseline?confirm={word}", Stricter);

        Assert.Equal(("mass_effect", "mass_effect"), (stranger.Code, elsewhere.Code));
    }

    [Fact]
    public async Task A_policy_that_takes_access_from_nobody_is_stored_at_once()
    {
        var tenant = await AFleetAsync(("a", "3.5"), ("b", "1.0"));

        var stored = await api.Admin.PutAsync($"{tenant}/policies/baseline", Stricter); // b is in its grace already

        Assert.Equal(200, stored.Status);
    }

    [Fact]
    public async Task Ending_the_grace_of_devices_that_are_in_it_takes_their_access_too()
    {
        var tenant = await AFleetAsync(("a", "3.5"), ("b", "1.0"));

        var stopped = await api.Admin.PatchAsync($"{tenant}/policies/baseline", """{ "graceHours": 0 }""");
        var confirmed = await api.Admin.PatchAsync($"{tenant}/policies/baseline?confirm={stopped.Text("confirm")}", """{ "graceHours": 0 }""");

        Assert.Equal(("mass_effect", 1), (stopped.Code, stopped.Number("affected")));
        Assert.Equal((200, 0), (confirmed.Status, confirmed.Number("graceHours")));
    }

    [Fact]
    public async Task A_tenant_without_its_policy_would_quarantine_the_fleet_and_waits_for_a_word()
    {
        var tenant = await AFleetAsync(("a", "3.5"), ("b", "3.5"));

        var byAccident = await api.Admin.PutAsync(tenant, """{ "name": "b" }""");
        var onPurpose = await api.Admin.PutAsync(tenant, """{ "name": "b", "defaultPolicy": null }""");
        var patched = await api.Admin.PatchAsync(tenant, """{ "defaultPolicy": null }""");
        var lenient = await api.Admin.PatchAsync(tenant, """{ "defaultPolicy": null, "noncompliantWithoutPolicy": false }""");
        var stricter = await api.Admin.PatchAsync(tenant, """{ "noncompliantWithoutPolicy": true }""");
        var confirmed = await api.Admin.PatchAsync($"{tenant}?confirm={stricter.Text("confirm")}", """{ "noncompliantWithoutPolicy": true }""");

        Assert.Equal((409, "default_policy_in_use"), (byAccident.Status, byAccident.Code));
        Assert.Equal(("mass_effect", "mass_effect"), (onPurpose.Code, patched.Code));
        Assert.Equal((200, null), (lenient.Status, lenient.Text("defaultPolicy")));
        Assert.Equal(("mass_effect", 2, 200), (stricter.Code, stricter.Number("affected"), confirmed.Status));
    }

    [Fact]
    public async Task A_wipe_of_the_fleet_waits_for_a_word_and_that_of_one_device_does_not()
    {
        var tenant = await AFleetAsync(("a", "3.5"), ("b", "3.5"));

        var one = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "wipe", "filter": { "devices": ["a"] } }""");
        var all = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "wipe", "filter": { "platform": "linux" } }""");
        var locked = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": { "platform": "linux" } }""");
        var confirmed = await api.Admin.PostAsync(
            $"{tenant}/commands?confirm={all.Text("confirm")}", """{ "kind": "wipe", "filter": { "platform": "linux" } }""");

        Assert.Equal((202, 202, 202), (one.Status, locked.Status, confirmed.Status));
        Assert.Equal((409, "mass_effect", 2), (all.Status, all.Code, all.Number("affected")));
        Assert.Equal("""{"allow":0,"quarantine":0,"block":2}""", all.Json.GetProperty("after").GetRawText());
    }

    [Fact]
    public async Task What_is_wrong_is_said_before_what_it_would_do()
    {
        var tenant = await AFleetAsync(("a", "2.5"));

        var missing = await api.Admin.PatchAsync(tenant, """{ "defaultPolicy": "missing" }""");
        var invalid = await api.Admin.PatchAsync($"{tenant}/policies/baseline", """{ "graceHours": -1 }""");
        var stale = await api.Admin.PutAsync($"{tenant}/policies/baseline", Stricter, ("If-Match", "\"7\""));

        Assert.Equal((422, 400, 412), (missing.Status, invalid.Status, stale.Status));
    }

    private async Task<string> AFleetAsync(params (string Device, string OsVersion)[] devices)
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync($"/v1/tenants/{tenant}/policies/baseline", Baseline);
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "baseline" }""");
        foreach (var (device, osVersion) in devices)
        {
            await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", $$"""{ "device": "{{device}}" }""");
            await api.CheckInAsync(
                tenant, device, new Posture { Platform = Platform.Linux, OsVersion = osVersion, EncryptionStatus = EncryptionStatus.Encrypted });
        }

        return $"/v1/tenants/{tenant}";
    }
}
