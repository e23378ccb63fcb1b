using System.Globalization;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core;

/// <summary>Every refusal of a twin, in one place. What is wrong with an input is refused where it is read.</summary>
public static class ProblemCatalog
{
    public static Problem DeviceNotFound { get; } =
        new(ProblemKind.NotFound, "device_not_found", "The tenant has no such device.");

    public static Problem DeviceExists { get; } =
        new(ProblemKind.Conflict, "device_exists", "A device with this name already exists.");

    public static Problem DeviceRetired { get; } =
        new(ProblemKind.Conflict, "device_retired", "The device is retired for good.");

    public static Problem DeviceNotRetired { get; } =
        new(ProblemKind.Conflict, "device_not_retired", "Only a retired device can be deleted.");

    public static Problem DeviceChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The device's version is not the one in If-Match. Reload it.");

    public static Problem SessionSuperseded { get; } =
        new(ProblemKind.Forbidden, "session_superseded", "A newer connection of this device has taken over.");

    public static Problem CredentialRevoked { get; } =
        new(ProblemKind.Forbidden, "credential_revoked", "The device was enrolled again, so the credential of this connection is no longer valid.");

    public static Problem EventsOverBudget { get; } =
        new(ProblemKind.Exhausted, "events_over_budget", "The device has used up its events for today; this one was dropped.");

    public static Problem CommandNotFound { get; } =
        new(ProblemKind.NotFound, "command_not_found", "This device has no such command.");

    public static Problem CommandFinal { get; } =
        new(ProblemKind.Conflict, "command_final", "The command has ended and can no longer be canceled.");

    public static Problem CommandQueueFull { get; } =
        new(ProblemKind.Exhausted, "command_queue_full", "The device already has 64 unfinished commands. Wait for some to finish, or cancel them.");

    public static Problem OperationNotFound { get; } =
        new(ProblemKind.NotFound, "operation_not_found", "The tenant has no such operation.");

    public static Problem OperationChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The operation's version is not the one in If-Match. Reload it.");

    public static Problem OperationSettled { get; } =
        new(ProblemKind.Conflict, "operation_settled", "The operation has ended or is being canceled.");

    public static Problem TooManyOperations { get; } =
        new(ProblemKind.Exhausted, "too_many_operations", "The tenant has reached its limit of concurrent operations. Cancel one, or wait.");

    public static Problem NotNominated { get; } =
        new(ProblemKind.NotFound, "nomination_not_found", "This device is not nominated for retirement.");

    public static Problem IdempotencyKeyReused { get; } =
        new(ProblemKind.Unprocessable, "idempotency_key_reused", "The Idempotency-Key was used for another request.");

    public static Problem HoldNotFound { get; } =
        new(ProblemKind.NotFound, "hold_not_found", "The tenant has no such hold.");

    public static Problem HoldSettled { get; } =
        new(ProblemKind.Conflict, "hold_settled", "The hold has already been decided or has expired.");

    public static Problem HoldOwn { get; } =
        new(ProblemKind.Forbidden, "hold_own", "You cannot approve what you asked for. Another person must.");

    public static Problem HoldRelatedKeys { get; } = new(
        ProblemKind.Forbidden, "hold_own", "Your key and the key that asked for this count as one person: one of them made the other, or the same key made both.");

    public static Problem HoldAskerUnknown { get; } = new(
        ProblemKind.Forbidden, "hold_own", "Nobody knows which key asked for this, so no second person can approve it. Reject it and ask for it again.");

    public static Problem HoldNeedsAdministrator { get; } =
        new(ProblemKind.Forbidden, "hold_needs_administrator", "Only an administrator can decide about a change of the governor.");

    public static Problem HoldTooEarly { get; } =
        new(ProblemKind.Conflict, "hold_too_early", "The tenant's hold window has not ended yet.");

    /// <param name="from">Where the device is.</param>
    /// <param name="possible">Where it can go instead, and for which reasons.</param>
    public static Problem TransitionNotAllowed(LifecycleState from, string possible) => new(
        ProblemKind.Conflict,
        "transition_not_allowed",
        $"A device that is {from.ToWire()} cannot make this transition, or not for this reason. It can go to {possible}.");

    public static Problem TenantNotFound { get; } =
        new(ProblemKind.NotFound, "tenant_not_found", "The tenant does not exist.");

    public static Problem TenantChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The tenant's version is not the one in If-Match. Reload it.");

    public static Problem DefaultPolicyInUse { get; } = new(
        ProblemKind.Conflict,
        "default_policy_in_use",
        "Devices are judged by the default policy, and the request leaves it out. Name it, or say null to take it away.");

    public static Problem PolicyNotFound { get; } =
        new(ProblemKind.Unprocessable, "policy_not_found", "The tenant has no such policy.");

    public static Problem PolicyChanged { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The policy's version is not the one in If-Match. Reload it.");

    public static Problem KeyExists { get; } =
        new(ProblemKind.Conflict, "key_exists", "A key with this name exists or existed. The names of keys are never reused.");

    public static Problem KeyNotFound { get; } =
        new(ProblemKind.NotFound, "key_not_found", "The key does not exist.");

    public static Problem KeyRemoved { get; } =
        new(ProblemKind.Unproved, "unauthenticated", "This key has been removed.");

    public static Problem RoleTooLow { get; } =
        new(ProblemKind.Forbidden, "forbidden", "The role of this key does not allow this.");

    public static Problem AdministratorStays { get; } =
        new(ProblemKind.Conflict, "administrator_key", "The administrator key cannot be removed. Auth:AdminKey replaces it.");

    public static Problem LastAdministrator { get; } =
        new(ProblemKind.Conflict, "last_administrator", "This is the last key that administers the whole installation. Make another one first.");

    public static Problem CursorUnknown { get; } =
        new(ProblemKind.Invalid, "cursor_unknown", "The cursor is not one that this server gave out.");

    public static Problem CursorPruned { get; } =
        new(ProblemKind.Gone, "cursor_pruned", "The events after this cursor are no longer kept. Read the current state, then start without a cursor.");

    public static Problem InboundNotProved { get; } =
        new(ProblemKind.Unproved, "signature_invalid", "The signature does not match the secret of this system, or is more than five minutes old.");

    public static Problem InboundReused { get; } =
        new(ProblemKind.Conflict, "delivery_reused", "This X-Mdm-Delivery was already used with another body. Give every delivery its own id.");

    public static Problem InboundDeviceMissing { get; } =
        new(ProblemKind.Unprocessable, "device_missing", "The webhook names no device at the place that the mapping says.");

    public static Problem InboundDeviceUnknown { get; } =
        new(ProblemKind.Unprocessable, "device_unknown", "The webhook matches no device, or more than one.");

    public static Problem InboundTooMany { get; } =
        new(ProblemKind.Exhausted, "too_many_deliveries", "Too many webhooks arrived within five minutes. Try again later.");

    public static Problem InstantInFuture { get; } =
        new(ProblemKind.Unprocessable, "instant_in_future", "The instant lies in the future.");

    public static Problem DeviceNotThereYet { get; } =
        new(ProblemKind.NotFound, "device_not_there_yet", "The device did not exist at that instant.");

    public static Problem HistoryPruned { get; } =
        new(ProblemKind.Gone, "history_pruned", "The history no longer reaches back that far.");

    /// <param name="detail">What is wrong with it, a sentence.</param>
    public static Problem MalformedJson(string detail) => new(ProblemKind.Invalid, "malformed_json", detail);

    public static Problem Unavailable { get; } =
        new(ProblemKind.Unavailable, "storage_unavailable", "The request could not be stored, and nothing was changed. Try again.");

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
