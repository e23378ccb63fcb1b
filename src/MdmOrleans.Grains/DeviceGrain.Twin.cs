using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Audit;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    public Task<Device?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_device is null)
        {
            NotFound();
        }

        return Task.FromResult(_device);
    }

    public async Task<Outcome<Device>> CreateAsync(CreateDevice request, CancellationToken cancellationToken)
    {
        if (await FindTenantAsync() is not { } tenant)
        {
            DeactivateOnIdle();
            return ProblemCatalog.TenantNotFound;
        }

        if (_device is not null)
        {
            return ProblemCatalog.DeviceExists;
        }

        if (!Knows(tenant, request.Policy))
        {
            return ProblemCatalog.PolicyNotFound;
        }

        if (request.Labels.Count > limits.Value.Labels)
        {
            return ProblemCatalog.QuotaExceeded("labels", limits.Value.Labels);
        }

        var now = time.GetInstant();
        var device = new NewDevice(request.Token, request.Actor, request.Platform, request.Serial, request.Labels, request.Policy)
        {
            Predecessor = await tombstones.FindAsync(_id, now, cancellationToken),
        };
        return await ReturnAsync(DeviceRules.Create(_id, device, now));
    }

    public async Task<Outcome<Device>> IssueTokenAsync(SecretHash token, string actor, CancellationToken cancellationToken) =>
        _device is { } device
            ? await ReturnAsync(DeviceRules.IssueToken(device, token, actor, time.GetInstant()))
            : NotFound();

    public async Task<Outcome<Device>> PatchAsync(PatchDevice request, CancellationToken cancellationToken)
    {
        if (_device is not { } device || await FindTenantAsync() is not { } tenant)
        {
            return NotFound();
        }

        if (request.ExpectedVersion is { } expected && expected != device.Version)
        {
            return ProblemCatalog.DeviceChanged;
        }

        var policy = request.ChangesPolicy ? request.Policy : device.AssignedPolicy;
        if (request.ChangesPolicy && !Knows(tenant, policy))
        {
            return ProblemCatalog.PolicyNotFound;
        }

        var labels = request.ClearLabels ? device.Labels.Clear() : device.Labels;
        foreach (var (name, value) in request.Labels?.AsEnumerable() ?? [])
        {
            labels = value is null ? labels.Remove(name) : labels.SetItem(name, value);
        }

        if (labels.Count > limits.Value.Labels && labels.Count > device.Labels.Count) // one that has too many may lose some
        {
            return ProblemCatalog.QuotaExceeded("labels", limits.Value.Labels);
        }

        var current = await AssignAsync(tenant, device, device.Platform);
        var described = new DeviceDescription(labels, policy, request.ChangesOwner ? request.Owner : device.Owner);
        return await ReturnAsync(DeviceRules.Describe(device, described, tenant, current, request.Actor, time.GetInstant()));
    }

    public async Task<Problem?> DeleteAsync(long? expectedVersion, string actor, CancellationToken cancellationToken)
    {
        if (_device is not { } device)
        {
            return NotFound();
        }

        var now = time.GetInstant();
        var decision = DeviceRules.Delete(device, actor, now);
        if (decision.Problem is { } refusal)
        {
            return refusal;
        }

        if (expectedVersion is { } expected && expected != device.Version)
        {
            return ProblemCatalog.DeviceChanged;
        }

        var last = decision.Events.Single(); // it says that the device was deleted
        var record = RequestOrigin.From(AuditDocuments.Deletion(device, last, now));
        DeactivateOnIdle();
        if (await store.DeleteAsync(device, new Deletion(last, record), CancellationToken.None) != SaveOutcome.Saved)
        {
            return ProblemCatalog.Unavailable;
        }

        LogDeleted(_id, actor);
        _device = null;
        return null;
    }

    private static bool Knows(TenantView tenant, string? policy) => policy is null || tenant.Policies.ContainsKey(policy);

    private async Task<Outcome<Device>> ReturnAsync(Decision decision) =>
        await CommitAsync(decision) is { } refusal ? refusal : _device!; // a decision that was not refused has a device
}
