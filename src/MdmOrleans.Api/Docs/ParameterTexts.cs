using System.Diagnostics;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>What the parameters mean; each name means the same on every route.</summary>
internal static class ParameterTexts
{
    public static (JsonSchemaType Type, string? Format, string Text) Of(string name) => name switch
    {
        "tenant" => Text("Name of a tenant: lower-case letters, digits and hyphens, at most 63."),
        "policy" => Text("Name of a policy: lower-case letters, digits and hyphens, at most 63."),
        "device" => Text("Name of a device: letters, digits, dots, underscores and hyphens, at most 64; case-sensitive."),
        "name" => Text("Name of a key."),
        "id" => (JsonSchemaType.String, "uuid", "Id of a command."),
        "system" => Text("Who sends: hr, itsm or disposal."),
        "X-Mdm-Delivery" => Text("The sender's name for this webhook, once and for all: 1 to 128 visible ASCII characters."),
        "X-Mdm-Signature" => Text("t={unix seconds},v1={hex HMAC-SHA256, with the system's secret, of t, a dot and the body}."),
        "operation" => (JsonSchemaType.String, "uuid", "Id of an operation."),
        "hold" => Text("Id of a hold, as the list has it."),
        "limit" => (JsonSchemaType.Integer, "int32", "How many at most; 1 to 1000, 100 by default."),
        "after" => Text("Where to go on: the 'next' of the page before."),
        "version" => (JsonSchemaType.Integer, "int32", "Which version; absent: the newest."),
        "lifecycle" => Text("Only those in this state: Provisioned, Active, Quarantined or Retired; several with commas."),
        "compliance" => Text("Only those that are unknown, compliant, inGracePeriod, noncompliant or error; several with commas."),
        "access" => Text("Only those with allow, quarantine or block; several with commas."),
        "platform" => Text("Only android, ios, ipados, macos, windows, linux or other; several with commas."),
        "label" => Text("Only those with this label: its name, or name=value; several with commas."),
        "serial" => Text("Only those with this serial number, exactly; several with commas."),
        "model" => Text("Only those of this model, exactly; several with commas."),
        "owner" => Text("Only those of this owner, exactly; several with commas."),
        "app" => Text("Only those on which the app with this id is installed; several with commas."),
        "rule" => Text("Only those whose findings name this rule; several with commas."),
        "osVersion" => Text("Only those with this version, or one that compares: <16.5, <=16.5, >16.5, >=16.5, !16.5. Of several with commas, one of the plain ones must hold and all others."),
        "include" => Text("apps, attributes, or both with a comma: what lists leave out otherwise."),
        "notSeenSince" => (JsonSchemaType.String, "date-time", "Only those not heard of at or after this instant, or never."),
        "confirm" => Text("The word of a 409 'mass_effect': the caller has seen what the request would do. It counts for ten minutes and for the same request."),
        "at" => (JsonSchemaType.String, "date-time", "As of this past instant; absent: now."),
        "actor" => Text("Only what this actor did, e.g. key:admin."),
        "action" => Text("Only this action, e.g. policy.put."),
        "target" => Text("Only what was done to this, e.g. policy:baseline."),
        "from" => (JsonSchemaType.String, "date-time", "Only at or after this instant."),
        "until" => (JsonSchemaType.String, "date-time", "Only before this instant."),
        "histories" => (JsonSchemaType.Boolean, null, "True: compare the histories of all devices with the newest anchor, too."),
        "wait" => (JsonSchemaType.Integer, "int32", "Answer as soon as there is something, after so many seconds at the latest; 0 to 300."),
        "Last-Event-ID" => Text("The last 'id:' that was received; it wins over 'after'."),
        "X-Mdm-Device" => Text("The device that the proxy has proved: tenant:device."),
        "If-Match" => Text("Only if the version is one of these entity tags; else 412."),
        "If-None-Match" => Text("'*': only if it does not exist yet; else 412."),
        "Idempotency-Key" => Text("1 to 128 visible ASCII characters. The same key again is the same command, or operation; with another body it is 422."),
        _ => throw new UnreachableException($"Parameter '{name}' has no description"),
    };

    private static (JsonSchemaType Type, string? Format, string Text) Text(string description) => (JsonSchemaType.String, null, description);
}
