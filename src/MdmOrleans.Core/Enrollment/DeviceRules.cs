using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Enrollment;

/// <summary>How a device comes to be, gets a new credential, and is described by its operators.</summary>
public static class DeviceRules
{
    /// <summary>A provisioned device in its first enrollment epoch.</summary>
    public static Decision Create(DeviceId id, NewDevice request, DateTimeOffset now)
    {
        var (level, reason) = AccessRules.Decide(LifecycleState.Provisioned, QuarantineReasons.None, ComplianceState.Initial);
        var turn = new DeviceTurn(
            new Device
            {
                Id = id,
                Version = 0,
                Epoch = 1,
                Token = request.Token,
                Access = new AccessState(level, reason, now),
                ExpectedPlatform = request.Platform,
                ExpectedSerial = request.Serial,
                Labels = request.Labels,
                AssignedPolicy = request.Policy,
                PolicyAssignedAt = request.Policy is null ? null : now,
                CreatedAt = now,
            },
            now);
        turn.Record(
            EventKinds.DeviceCreated, now, request.Actor, to: LifecycleState.Provisioned.ToWire(), detail: JsonBlocks.Write(request, WriteRequest));

        // Until now the answer was that of an unknown device, and whoever follows access was told so.
        turn.Record(EventKinds.AccessChanged, now, request.Actor, reason, AccessRules.ForUnknownDevice.Level.ToWire(), level.ToWire());
        return turn.Decide();
    }

    /// <summary>The last event of a history. What is stored of the decision is its event alone.</summary>
    public static Decision Delete(Device device, string actor, DateTimeOffset now)
    {
        if (device.Lifecycle != LifecycleState.Retired)
        {
            return Decision.Refuse(device, ProblemCatalog.DeviceNotRetired);
        }

        var turn = new DeviceTurn(device, now);
        turn.Record(EventKinds.DeviceDeleted, now, actor, from: device.Lifecycle.ToWire());
        return turn.Decide();
    }

    /// <summary>A new enrollment epoch: the old credential counts no more, pending commands are canceled, the history is kept.</summary>
    public static Decision IssueToken(Device device, SecretHash token, string actor, DateTimeOffset now)
    {
        if (device.Lifecycle == LifecycleState.Retired)
        {
            return Decision.Refuse(device, ProblemCatalog.DeviceRetired);
        }

        var turn = new DeviceTurn(device, now);
        CommandMoves.CancelAll(turn, actor, "enrolledAgain");
        turn.Store(turn.Device with
        {
            Epoch = device.Epoch + 1,
            Token = token,
            Seen = device.Seen is { } seen ? seen with { Boot = null, Seq = null } : null, // the next agent may count from anywhere
        });
        turn.Record(EventKinds.CredentialIssued, now, actor);
        LifecycleRules.SetReasons(
            turn, device.QuarantineReasons & ~(QuarantineReasons.Wiped | QuarantineReasons.IdentityRevoked), now, actor, "enrolledAgain");
        AccessRules.Apply(turn, now, actor);
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>Sets what operators say of the device; what is as it was makes no event. Another policy judges it in the same turn.</summary>
    /// <param name="current">By what it is judged until now.</param>
    public static Decision Describe(
        Device device, DeviceDescription described, TenantView tenant, in PolicyAssignment current, string actor, DateTimeOffset now)
    {
        var (labels, policy, owner) = described;
        var turn = new DeviceTurn(device, now);
        if (!device.Labels.SequenceEqual(labels))
        {
            turn.Store(turn.Device with { Labels = labels });
            turn.Record(EventKinds.LabelsChanged, now, actor, detail: JsonBlocks.Write(labels, WriteLabels));
        }

        if (device.Owner != owner)
        {
            turn.Store(turn.Device with { Owner = owner });
            turn.Record(EventKinds.OwnerChanged, now, actor, from: device.Owner, to: owner);
        }

        if (device.AssignedPolicy != policy)
        {
            DeadlineRules.CatchUp(turn, current); // what was due was due under the policy of before
            turn.Store(turn.Device with { AssignedPolicy = policy, PolicyAssignedAt = now });
            turn.Record(EventKinds.PolicyAssigned, now, actor, from: device.AssignedPolicy, to: policy);
            DeadlineRules.CatchUp(turn, tenant.Assign(turn.Device, turn.Device.Platform));
            DeadlineRules.Rearm(turn);
        }

        return turn.Decide();
    }

    private static void WriteRequest(Utf8JsonWriter json, NewDevice request)
    {
        json.WriteStartObject();
        if (request.Platform is { } platform)
        {
            json.WriteString("platform"u8, platform.ToWire());
        }

        if (request.Serial is not null)
        {
            json.WriteString("serial"u8, request.Serial);
        }

        if (request.Policy is not null)
        {
            json.WriteString("policy"u8, request.Policy);
        }

        if (!request.Labels.IsEmpty)
        {
            json.WritePropertyName("labels"u8);
            WriteLabels(json, request.Labels);
        }

        if (request.Predecessor is { } predecessor)
        {
            PredecessorDetail.Write(json, predecessor);
        }

        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> labels)
    {
        json.WriteStartObject();
        foreach (var (name, value) in labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}

/// <summary>What operators say of a device.</summary>
/// <param name="Policy">A policy of the tenant; null: the tenant's default.</param>
/// <param name="Owner">Who uses it; null: nobody is known.</param>
public sealed record DeviceDescription(ImmutableSortedDictionary<string, string> Labels, string? Policy, string? Owner);

/// <summary>What a device is created with.</summary>
public sealed record NewDevice(
    SecretHash Token,
    string Actor,
    Platform? Platform,
    string? Serial,
    ImmutableSortedDictionary<string, string> Labels,
    string? Policy)
{
    /// <summary>The last device of this name that was deleted; null where there was none.</summary>
    public Tombstone? Predecessor { get; init; }
}
