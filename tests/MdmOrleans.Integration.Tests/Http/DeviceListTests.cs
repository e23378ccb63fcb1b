namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class DeviceListTests(ApiFixture api)
{
    [Fact]
    public async Task Devices_are_listed_by_name_and_the_last_page_says_so()
    {
        var devices = await ThreeDevicesAsync();

        var first = await api.Admin.GetAsync($"{devices}?limit=1");
        var rest = await api.Admin.GetAsync($"{devices}?limit=2&after={first.Text("next")}");

        Assert.Equal(["a"], first.Items("device"));
        Assert.Equal(["b", "c"], rest.Items("device"));
        Assert.False(rest.Json.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("platform=ios", "b")]
    [InlineData("serial=S-3", "c")]
    [InlineData("label=site", "a,b")]
    [InlineData("label=site%3Dberlin", "a")]
    [InlineData("label=site=paris&platform=ios", "b")]
    [InlineData("label=site=paris&platform=android", "")]
    [InlineData("lifecycle=Provisioned&compliance=unknown&access=quarantine", "a,b,c")]
    [InlineData("lifecycle=Retired", "")]
    [InlineData("notSeenSince=2020-01-01T00:00:00Z", "a,b,c")]
    public async Task Filters_must_all_hold(string filter, string expected)
    {
        var answer = await api.Admin.GetAsync($"{await ThreeDevicesAsync()}?{filter}");

        Assert.Equal(expected, string.Join(',', answer.Items("device")));
    }

    [Theory]
    [InlineData("lifecycle=active")]
    [InlineData("compliance=fine")]
    [InlineData("access=maybe")]
    [InlineData("platform=symbian")]
    [InlineData("label=")]
    [InlineData("label=a%20b")]
    [InlineData("serial=")]
    [InlineData("notSeenSince=yesterday")]
    [InlineData("notSeenSince=2026-11-24")]
    [InlineData("notSeenSince=2026-11-24T03:00:00")]
    [InlineData("after=a%20b")]
    [InlineData("lifecyle=Active")]
    public async Task A_filter_that_cannot_be_understood_is_refused(string filter)
    {
        var answer = await api.Admin.GetAsync($"/v1/tenants/{await api.ATenantAsync()}/devices?{filter}");

        Assert.Equal((400, "invalid_query"), (answer.Status, answer.Code));
    }

    private async Task<string> ThreeDevicesAsync()
    {
        var devices = $"/v1/tenants/{await api.ATenantAsync()}/devices";
        await api.Admin.PostAsync(devices, """{ "device": "a", "platform": "android", "labels": { "site": "berlin" } }""");
        await api.Admin.PostAsync(devices, """{ "device": "b", "platform": "ios", "labels": { "site": "paris" } }""");
        await api.Admin.PostAsync(devices, """{ "device": "c", "serial": "S-3" }""");
        return devices;
    }
}
