using MdmOrleans.Core.CheckIns;
using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Access;

/// <summary>A tenant whose devices are in as long as they are up to date, and out at once when they are not.</summary>
internal sealed class Gate(ApiHost host, ApiClient admin, string tenant)
{
    public const string Zone = "vlan-666";

    public string Path => $"/v1/tenants/{tenant}";

    public static async Task<Gate> OpenAsync(ApiHost host, ApiClient admin, string tenant)
    {
        var gate = new Gate(host, admin, tenant);
        await DemandAsync(admin.PutAsync(gate.Path, $$"""{ "name": "Gate", "quarantineZone": "{{Zone}}" }"""));
        await DemandAsync(admin.PutAsync(
            $"{gate.Path}/policies/baseline",
            """{ "name": "Baseline", "graceHours": 0, "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "linux": "2" } } ] }"""));
        await DemandAsync(admin.PutAsync(gate.Path, $$"""{ "name": "Gate", "quarantineZone": "{{Zone}}", "defaultPolicy": "baseline" }"""));
        return gate;
    }

    public Task AddAsync(string device) => DemandAsync(admin.PostAsync($"{Path}/devices", $$"""{ "device": "{{device}}" }"""));

    public Task LetInAsync(string device) => CheckInAsync(device, "2.0");

    public Task KeepOutAsync(string device) => CheckInAsync(device, "1.0");

    private Task CheckInAsync(string device, string osVersion) => host.CheckInAsync(
        tenant, device, new Posture { Platform = Platform.Linux, OsVersion = osVersion, EncryptionStatus = EncryptionStatus.Encrypted });

    private static async Task DemandAsync(Task<ApiAnswer> sending)
    {
        var answer = await sending;
        Assert.True(answer.Status is 200 or 201, $"{answer.Status} {answer.Body}");
    }
}
