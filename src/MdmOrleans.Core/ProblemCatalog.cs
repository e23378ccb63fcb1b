using System.Globalization;

namespace MdmOrleans.Core;

/// <summary>Every refusal of a twin, in one place. What is wrong with an input is refused where it is read.</summary>
public static class ProblemCatalog
{
    public static Problem DeviceNotFound { get; } =
        new(ProblemKind.NotFound, "device_not_found", "There is no such device in this tenant.");

    public static Problem DeviceExists { get; } =
        new(ProblemKind.Conflict, "device_exists", "There is a device of this name already.");

    public static Problem DeviceRetired { get; } =
        new(ProblemKind.Conflict, "device_retired", "The device is retired, which is final.");

    public static Problem DeviceNotRetired { get; } =
        new(ProblemKind.Conflict, "device_not_retired", "Only a retired device can be deleted.");

    public static Problem DeviceChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The device has another version than If-Match names.");

    public static Problem SessionSuperseded { get; } =
        new(ProblemKind.Forbidden, "session_superseded", "A newer connection of this device is in charge.");

    public static Problem CredentialRevoked { get; } =
        new(ProblemKind.Forbidden, "credential_revoked", "The device has been enrolled anew; this connection's credential does not count any more.");

    public static Problem EventsOverBudget { get; } =
        new(ProblemKind.Exhausted, "events_over_budget", "The device has used up its events for today; this one was dropped.");

    public static Problem CommandNotFound { get; } =
        new(ProblemKind.NotFound, "command_not_found", "This device has no such command.");

    public static Problem CommandFinal { get; } =
        new(ProblemKind.Conflict, "command_final", "The command has come to its end and cannot be canceled.");

    public static Problem CommandQueueFull { get; } =
        new(ProblemKind.Exhausted, "command_queue_full", "The device has too many commands that are not finished.");

    public static Problem OperationNotFound { get; } =
        new(ProblemKind.NotFound, "operation_not_found", "There is no such operation in this tenant.");

    public static Problem OperationSettled { get; } =
        new(ProblemKind.Conflict, "operation_settled", "The operation has come to its end, or is being canceled.");

    public static Problem TooManyOperations { get; } =
        new(ProblemKind.Exhausted, "too_many_operations", "As many operations of this tenant as may be are under way; cancel one, or wait.");

    public static Problem NotNominated { get; } =
        new(ProblemKind.NotFound, "nomination_not_found", "This device is not nominated for retirement.");

    public static Problem IdempotencyKeyReused { get; } =
        new(ProblemKind.Unprocessable, "idempotency_key_reused", "The Idempotency-Key was used for another request.");

    public static Problem HoldNotFound { get; } =
        new(ProblemKind.NotFound, "hold_not_found", "There is no such hold in this tenant.");

    public static Problem HoldSettled { get; } =
        new(ProblemKind.Conflict, "hold_settled", "The hold was decided already, or came to its end.");

    public static Problem HoldOwn { get; } =
        new(ProblemKind.Forbidden, "hold_own", "Nobody approves what they asked for themselves.");

    public static Problem HoldRelatedKeys { get; } = new(
        ProblemKind.Forbidden, "hold_own", "Your key and the key that asked for this count as one person: one of them made the other, or the same key made both.");

    public static Problem HoldAskerUnknown { get; } = new(
        ProblemKind.Forbidden, "hold_own", "Nobody knows which key asked for this, so no second person can approve it. Reject it and ask for it again.");

    public static Problem HoldNeedsAdministrator { get; } =
        new(ProblemKind.Forbidden, "hold_needs_administrator", "Only an administrator's key decides about the governor.");

    public static Problem HoldTooEarly { get; } =
        new(ProblemKind.Conflict, "hold_too_early", "The tenant's hold window is not over yet.");

    public static Problem TransitionNotAllowed { get; } =
        new(ProblemKind.Conflict, "transition_not_allowed", "The device cannot go there from where it is, or not for this reason.");

    public static Problem TenantNotFound { get; } =
        new(ProblemKind.NotFound, "tenant_not_found", "There is no such tenant.");

    public static Problem TenantChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The tenant has another version than If-Match names.");

    public static Problem DefaultPolicyInUse { get; } = new(
        ProblemKind.Conflict,
        "default_policy_in_use",
        "Devices are judged by the default policy, and the request leaves it out. Name it, or say null to take it away.");

    public static Problem PolicyNotFound { get; } =
        new(ProblemKind.Unprocessable, "policy_not_found", "There is no such policy in this tenant.");

    public static Problem PolicyChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The policy has another version than If-Match names.");

    public static Problem KeyExists { get; } =
        new(ProblemKind.Conflict, "key_exists", "There is, or was, a key of this name. Names of keys are never used again.");

    public static Problem KeyNotFound { get; } =
        new(ProblemKind.NotFound, "key_not_found", "There is no such key.");

    public static Problem KeyRemoved { get; } =
        new(ProblemKind.Unproved, "unauthenticated", "This key does not exist any more.");

    public static Problem RoleTooLow { get; } =
        new(ProblemKind.Forbidden, "forbidden", "The role of this key does not allow it.");

    public static Problem AdministratorStays { get; } =
        new(ProblemKind.Conflict, "administrator_key", "The administrator key cannot be removed. Auth:AdminKey replaces it.");

    public static Problem LastAdministrator { get; } =
        new(ProblemKind.Conflict, "last_administrator", "Without this key nobody could administer everything any more; make another one first.");

    public static Problem CursorUnknown { get; } =
        new(ProblemKind.Invalid, "cursor_unknown", "This is no cursor that was given out here.");

    public static Problem CursorPruned { get; } =
        new(ProblemKind.Gone, "cursor_pruned", "Events behind this cursor are kept no longer; read what is there anew and start from now.");

    public static Problem InboundNotProved { get; } =
        new(ProblemKind.Unproved, "signature_invalid", "The webhook is not signed with the secret of this system, or not within five minutes.");

    public static Problem InboundReused { get; } =
        new(ProblemKind.Conflict, "delivery_reused", "A webhook with another body came under this X-Mdm-Delivery; every delivery needs a name of its own.");

    public static Problem InboundDeviceMissing { get; } =
        new(ProblemKind.Unprocessable, "device_missing", "The webhook names no device where the mapping says that one stands.");

    public static Problem InboundDeviceUnknown { get; } =
        new(ProblemKind.Unprocessable, "device_unknown", "The webhook is about a device that is not here, or about several.");

    public static Problem InboundTooMany { get; } =
        new(ProblemKind.Exhausted, "too_many_deliveries", "More webhooks came than can be remembered while their signatures count.");

    public static Problem InstantInFuture { get; } =
        new(ProblemKind.Unprocessable, "instant_in_future", "What will be at that instant is not known yet.");

    public static Problem DeviceNotThereYet { get; } =
        new(ProblemKind.NotFound, "device_not_there_yet", "At that instant there was no such device.");

    public static Problem HistoryPruned { get; } =
        new(ProblemKind.Gone, "history_pruned", "The history does not reach back so far any more.");

    /// <param name="detail">What is wrong with it, a sentence.</param>
    public static Problem MalformedJson(string detail) => new(ProblemKind.Invalid, "malformed_json", detail);

    public static Problem Unavailable { get; } =
        new(ProblemKind.Unavailable, "storage_unavailable", "The request could not be stored; nothing of it counts. Try again.");

    /// <param name="name">Of the younger of two keys.</param>
    /// <param name="notBefore">When it is old enough.</param>
    public static Problem KeyTooYoung(string name, DateTimeOffset notBefore) =>
        new(ProblemKind.Forbidden, "key_too_young", string.Create(
            CultureInfo.InvariantCulture,
            $"The key '{name}' is too young to be one of two people. It is old enough at {notBefore.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}."))
        {
            NotBefore = notBefore,
        };

    /// <param name="what">What there are too many of, e.g. <c>keys</c>.</param>
    public static Problem QuotaExceeded(string what, int limit) =>
        new(ProblemKind.Unprocessable, "quota_exceeded", string.Create(CultureInfo.InvariantCulture, $"There may be at most {limit} {what}."));
}
