using System.Collections.Frozen;

namespace MdmOrleans.Contracts.Problems;

/// <summary>What each code of a problem means, as one sentence: the same over HTTP and MQTT.</summary>
public static class ProblemTitles
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["access_refused"] = "The device may not pass.",
        ["bad_request"] = "The request is not valid.",
        ["command_final"] = "The command is already final.",
        ["command_not_found"] = "The device has no such command.",
        ["command_queue_full"] = "The command queue of the device is full.",
        ["credential_revoked"] = "The credential is revoked.",
        ["cursor_pruned"] = "The events after the cursor are no longer kept.",
        ["cursor_unknown"] = "The cursor is unknown.",
        ["device_exists"] = "The device already exists.",
        ["device_missing"] = "The webhook names no device.",
        ["device_not_found"] = "The device does not exist.",
        ["device_not_retired"] = "The device is not retired.",
        ["device_not_there_yet"] = "The device did not exist at that time.",
        ["device_retired"] = "The device is retired.",
        ["device_unknown"] = "The webhook names an unknown device.",
        ["events_over_budget"] = "The device has used up its events for today.",
        ["forbidden"] = "The key may not do this.",
        ["history_pruned"] = "The history of that time is no longer kept.",
        ["hold_needs_administrator"] = "Only an administrator may decide this hold.",
        ["hold_not_found"] = "The hold does not exist.",
        ["hold_own"] = "Nobody may approve their own request.",
        ["hold_settled"] = "The hold is already decided.",
        ["hold_too_early"] = "The hold cannot be approved yet.",
        ["idempotency_key_reused"] = "The idempotency key belongs to another request.",
        ["instant_in_future"] = "The instant is in the future.",
        ["internal_error"] = "The server failed.",
        ["invalid_body"] = "The body is not valid.",
        ["invalid_header"] = "A header is not valid.",
        ["invalid_query"] = "The query is not valid.",
        ["key_above_own"] = "The new key would have more rights than yours.",
        ["key_exists"] = "The key already exists.",
        ["key_not_found"] = "The key does not exist.",
        ["key_too_young"] = "The key is too young to decide.",
        ["last_administrator"] = "The last administrator key cannot be removed.",
        ["malformed_json"] = "The body is not well-formed JSON.",
        ["method_not_allowed"] = "The route does not take this method.",
        ["nomination_not_found"] = "The device is not nominated for retirement.",
        ["not_found"] = "The resource does not exist.",
        ["not_ready"] = "The server is not ready.",
        ["operation_not_found"] = "The operation does not exist.",
        ["operation_settled"] = "The operation has already ended.",
        ["overloaded"] = "The server is overloaded.",
        ["parameters_too_large"] = "The parameters of the command are too large.",
        ["payload_invalid"] = "The payload is not valid.",
        ["payload_malformed"] = "The payload is not well-formed JSON.",
        ["policy_invalid"] = "The policy is not valid.",
        ["policy_not_found"] = "The policy does not exist.",
        ["policy_too_large"] = "The policy is too large.",
        ["preview_busy"] = "Too many previews are waiting.",
        ["proxy_untrusted"] = "The proxy is not trusted.",
        ["rate_exceeded"] = "The device sends too many messages.",
        ["request_timeout"] = "The request arrived too slowly.",
        ["session_superseded"] = "A newer connection has replaced this one.",
        ["signature_invalid"] = "The signature is not valid.",
        ["storage_unavailable"] = "The storage is unavailable.",
        ["tenant_not_found"] = "The tenant does not exist.",
        ["too_large"] = "The request is too large.",
        ["too_many_deliveries"] = "Too many webhooks arrived.",
        ["too_many_followers"] = "Too many clients follow access.",
        ["too_many_operations"] = "Too many operations are running.",
        ["topic_forbidden"] = "The device may not publish to this topic.",
        ["topic_unknown"] = "The topic does not exist.",
        ["transition_not_allowed"] = "The transition is not allowed.",
        ["unauthenticated"] = "The request carries no valid key.",
        ["unavailable"] = "The server is unavailable.",
        ["unsupported_media_type"] = "The content type is not supported.",
        ["version_mismatch"] = "The version does not match.",
    }.ToFrozenDictionary();

    /// <summary>The title of every problem with this code. A code without a sentence of its own reads as its words.</summary>
    public static string Of(string code) => Titles.TryGetValue(code, out var title) ? title : Spell(code);

    private static string Spell(string code) => $"{char.ToUpperInvariant(code[0])}{code[1..].Replace('_', ' ')}.";
}
