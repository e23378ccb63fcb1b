using MdmOrleans.Abstractions;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Devices;

/// <summary>Creates one device from what a request says of it.</summary>
internal static class DeviceCreation
{
    /// <returns>The token of the device, which counts only where the outcome has a value.</returns>
    public static async Task<(string Token, Outcome<Device> Outcome)> CreateAsync(
        DeviceRequest request, TenantId tenant, string actor, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var token = Secrets.NewDeviceToken();
        if (request.Read(tenant, SecretHash.Of(token), actor, out var id, out var create) is { IsEmpty: false } errors)
        {
            return (token, ApiProblems.InvalidBody(errors));
        }

        if (create.Policy is { } policy && !PolicyId.TryCreate(tenant, policy, out _))
        {
            return (token, ApiProblems.PolicyUnknown("/policy")); // what is not a name names nothing
        }

        var outcome = await grains.GetGrain<IDeviceTwin>(id.ToString()).CreateAsync(create, cancellationToken);
        return (token, outcome with { Problem = outcome.Problem?.WithPolicyAt("/policy") });
    }
}
