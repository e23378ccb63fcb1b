namespace MdmOrleans.Core.History;

/// <summary>Every kind of event, spelled as in the history. Never renamed.</summary>
public static class EventKinds
{
    public const string DeviceCreated = "deviceCreated";
    public const string DeviceDeleted = "deviceDeleted";
    public const string CredentialIssued = "credentialIssued";
    public const string LifecycleChanged = "lifecycleChanged";
    public const string QuarantineReasonsChanged = "quarantineReasonsChanged";
    public const string ComplianceChanged = "complianceChanged";
    public const string AccessChanged = "accessChanged";
    public const string PostureChanged = "postureChanged";
    public const string LabelsChanged = "labelsChanged";
    public const string PolicyAssigned = "policyAssigned";
    public const string OwnerChanged = "ownerChanged";

    /// <summary>The device says that its serial number is another (<c>To</c>) than the operator set (<c>From</c>), which goes on to count.</summary>
    public const string SerialContradicted = "serialContradicted";

    /// <summary>A step of the policy's ladder was due and is taken; its <c>Reason</c> is the action.</summary>
    public const string LadderStepTaken = "ladderStepTaken";

    /// <summary>The device came onto, or went off, the list of those that a human is asked to retire.</summary>
    public const string NominationChanged = "nominationChanged";
    public const string CommandQueued = "commandQueued";

    /// <summary>The governor holds a command: somebody has to decide. Its <c>Reason</c> says why.</summary>
    public const string CommandHeld = "commandHeld";
    public const string CommandStatusChanged = "commandStatusChanged";

    /// <summary>A report that changes nothing any more: final state, older epoch, unknown attempt.</summary>
    public const string LateCommandReport = "lateCommandReport";

    /// <summary>As <see cref="DeviceReported"/>, but from a connection of an older enrollment: whoever says it is not the device any more.</summary>
    public const string LateDeviceReport = "lateDeviceReport";

    /// <summary>What a device told of between check-ins; its <c>Reason</c> is the type.</summary>
    public const string DeviceReported = "deviceReported";

    /// <summary>The device has told of more events today than are kept; the others of the day are dropped. At most one a day.</summary>
    public const string EventsDropped = "eventsDropped";

    /// <summary>The connection was lost; its <c>Reason</c> is how: <c>will</c>, <c>keepAlive</c> or <c>socket</c>. At most one a connection.</summary>
    public const string ConnectionLost = "connectionLost";
}
