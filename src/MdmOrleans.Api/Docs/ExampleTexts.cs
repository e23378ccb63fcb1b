using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>What stands in examples. A member that is called the same means the same everywhere.</summary>
internal static class ExampleTexts
{
    private const string Instant = "2026-11-24T03:00:00Z";
    private const string Id = "01936f3a-9d5c-7c1e-8f0a-2b6c4d8e9f10";

    private const string AuditRecord =
        """
        { "number": 7, "at": "2026-11-24T03:00:00.123Z", "actor": "key:admin", "via": "key", "action": "tenant.put", "target": "tenant:acme", "result": "done",
          "requestId": "0HN8K2", "address": "192.0.2.7", "intent": 6, "hash": "3f1c0f6e2b7a4d5c" }
        """;

    /// <summary>Types whose members belong together, or must not all be there at once.</summary>
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["KeyRequest"] = """{ "name": "ci", "role": "operator", "tenants": ["acme"] }""",
        ["PolicyRequest"] = Policy(""),
        ["Policy"] = Policy(""" "id": "baseline", "version": 3, "storedAt": "2026-11-24T03:00:00Z", """),
        ["PolicyPatch"] = """{ "graceHours": 72 }""",
        ["TenantPatch"] = """{ "name": "Acme", "defaultPolicy": "baseline" }""",
        ["PolicyRule"] = """{ "id": "encrypted", "kind": "encryption" }""",
        ["InboundMessage"] = """{ "result": { "number": "INC0010042", "subcategory": "lost", "cmdb_ci": { "display_value": "tablet-7" } } }""",
        ["InboundMapping"] = """{ "device": "/result/cmdb_ci", "event": "/result/subcategory", "events": { "lost": "lost" }, "note": "/result/number" }""",
        ["InboundSettingsRequest"] = """{ "dryRun": true }""",
        ["DevicePatch"] = """{ "labels": { "site": "berlin", "floor": null }, "policy": "baseline" }""",
        ["DeviceTransitionRequest"] = """{ "to": "Quarantined", "reason": "lost", "note": "left in a taxi" }""",
        ["QueueCommandRequest"] = """{ "kind": "message", "parameters": { "text": "Please update" }, "expiresInSeconds": 86400 }""",
        ["BulkCommandRequest"] = """{ "kind": "restart", "filter": { "platform": "android" }, "ratePerSecond": 20, "waves": [1, 10, 100], "maxFailurePercent": 5 }""",
        ["OperationPatch"] = """{ "ratePerSecond": 5 }""",
        ["Health"] = """{ "status": "ready", "checks": ["storage", "silo"] }""",
        ["Summary"] = """
            { "devices": 1000, "connected": 812, "lifecycle": { "Active": 990, "Quarantined": 10 }, "compliance": { "compliant": 950, "inGracePeriod": 40, "noncompliant": 10 },
              "access": { "allow": 990, "quarantine": 10 }, "platform": { "android": 600, "ios": 400 },
              "policies": { "baseline": { "version": 3, "done": 1000, "total": 1000 } }, "deadlines": { "overdue": 0, "oldestOverdueSeconds": 0 } }
            """,
        ["Finding"] = """
            { "rule": "os-minimum", "status": "noncompliant", "severity": "required", "expected": ">= 16.5", "actual": "16.4",
              "reportedAt": "2026-11-24T03:00:00.123Z", "since": "2026-11-23T09:00:00Z", "remediation": "Update to 16.5 or later." }
            """,
        ["TwinPolicy"] = """{ "id": "baseline", "version": 3 }""",
        ["Key"] = """{ "name": "ci", "role": "operator", "tenants": ["acme"], "createdAt": "2026-11-24T03:00:00Z", "madeBy": "admin", "key": "shown once" }""",
        ["Event"] = """
            { "number": 17, "at": "2026-11-24T03:00:00Z", "recordedAt": "2026-11-24T03:00:00.123Z", "kind": "lifecycleChanged", "actor": "rule:grace", "reason": "noncompliant",
              "from": "Active", "to": "Quarantined", "policy": { "id": "baseline", "version": 3 }, "epoch": 1, "detail": {}, "hash": "3f1c0f6e2b7a4d5c",
              "hashVersion": 2 }
            """,
        ["AuditRecord"] = AuditRecord,
        ["Command"] = """
            { "id": "01936f3a-9d5c-7c1e-8f0a-2b6c4d8e9f10", "kind": "lock", "status": "queued", "parameters": {}, "requestedBy": "key:admin", "reason": null,
              "createdAt": "2026-11-24T03:00:00Z", "expiresAt": "2026-11-25T03:00:00Z", "attempts": 0, "epoch": 1, "code": null, "detail": null, "result": null,
              "updatedAt": "2026-11-24T03:00:00Z" }
            """,
        ["Operation"] = """
            { "id": "01936f3a-9d5c-7c1e-8f0a-2b6c4d8e9f10", "version": 1, "status": "running", "kind": "restart", "parameters": {}, "filter": { "platform": "android" },
              "requestedBy": "key:admin", "createdAt": "2026-11-24T03:00:00Z", "ratePerSecond": 20, "maxFailurePercent": 5,
              "waves": [{ "percent": 1, "devices": 6, "startedAt": "2026-11-24T03:00:01Z", "endedAt": null }, { "percent": 100, "devices": 600, "startedAt": null, "endedAt": null }],
              "devices": 600, "counts": { "sent": 4, "succeeded": 2 }, "refusals": {}, "failures": 0, "newlyNoncompliant": 0, "asOf": "2026-11-24T03:00:05Z",
              "steps": [{ "at": "2026-11-24T03:00:00Z", "step": "started", "actor": "key:admin", "reason": null }] }
            """,
        ["PolicyReference"] = """{ "id": "baseline", "version": 3 }""",
        ["DeviceFilter"] = """{ "platform": "android", "label": "site=berlin" }""",
        ["Problem"] = """
            { "type": "urn:mdm:problem:invalid_body", "title": "The body is not valid.", "status": 400, "detail": "The body is not what is asked for; errors says where.",
              "code": "invalid_body", "errors": { "/name": ["must be a string"] } }
            """,
    };

    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["tenant"] = "acme",
        ["tenants"] = "acme",
        ["device"] = "tablet-7",
        ["devices"] = "tablet-7",
        ["name"] = "Acme",
        ["policy"] = "baseline",
        ["defaultPolicy"] = "baseline",
        ["quarantineZone"] = "remediation",
        ["zone"] = "remediation",
        ["platform"] = "android",
        ["model"] = "Zebra TC58",
        ["serial"] = "C02TQ0J4MD6N",
        ["osVersion"] = "16.5",
        ["patchLevel"] = "2026-11-05",
        ["actor"] = "key:admin",
        ["requestedBy"] = "key:admin",
        ["madeBy"] = "admin",
        ["rule"] = "os-minimum",
        ["rules"] = "os-minimum",
        ["expected"] = ">= 16.5",
        ["actual"] = "16.4",
        ["remediation"] = "Update to 16.5 or later.",
        ["reason"] = "noncompliant",
        ["note"] = "left in a taxi",
        ["hash"] = "3f1c0f6e2b7a4d5c8e9f00112233445566778899aabbccddeeff001122334455",
        ["timeZone"] = "Europe/Berlin",
        ["notSeenSince"] = Instant,
        ["key"] = "the key, shown once",
        ["secret"] = "the secret, shown once",
        ["deviceToken"] = "the token, shown once",
        ["next"] = "tablet-7",
        ["delivery"] = "INC0010042-1",
        ["system"] = "itsm",
        ["quarantineReasons"] = "lost",
        ["server"] = "S127.0.0.1:11111:1",
    };

    /// <summary>What is no JSON.</summary>
    /// <param name="type">Of what it holds; null where that has no name.</param>
    public static JsonNode? OfMediaType(string mediaType, string? type) => (mediaType, type) switch
    {
        ("application/x-ndjson", "AuditRecord") => JsonNode.Parse(AuditRecord)!.ToJsonString() + "\n",
        ("text/event-stream", _) =>
            $"id: acme.17\ndata: {{\"device\":\"tablet-7\",\"access\":\"block\",\"reason\":\"noncompliant\",\"at\":\"{Instant}\"}}\n\n",
        ("text/csv", _) => "device,platform,serial\ntablet-7,android,C02TQ0J4MD6N\n",
        ("application/x-ndjson", _) => "{\"device\":\"tablet-7\",\"platform\":\"android\"}\n{\"device\":\"tablet-8\",\"platform\":\"android\"}\n",
        _ => null,
    };

    public static JsonNode? OfType(string type) => Types.TryGetValue(type, out var json) ? JsonNode.Parse(json) : null;

    public static JsonNode? OfMember(string member, JsonSchemaType kind) => (member, kind) switch
    {
        ("apps", 0) => JsonNode.Parse("""[{ "id": "com.salesforce.chatter", "version": "252.0" }]"""),
        ("attributes", 0) => JsonNode.Parse("""{ "battery": 88, "vpn": { "state": "up" } }"""),
        ("value", 0) => "up",
        ("labels", JsonSchemaType.Object) => JsonNode.Parse("""{ "site": "berlin" }"""),
        ("waves", JsonSchemaType.Integer) => 100,
        (_, JsonSchemaType.String) when Members.TryGetValue(member, out var text) => text,
        _ => null,
    };

    public static JsonNode OfFormat(string? format) => format switch
    {
        "date-time" => Instant,
        "date" => "2026-11-05",
        "uuid" => Id,
        _ => "text",
    };

    private static string Policy(string head) => $$"""
        { {{head}} "name": "Baseline", "platforms": ["android", "ios"],
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "14", "ios": "16.5" }, "remediation": "Update to {{"{{expected}}"}}." },
            { "id": "encrypted", "kind": "encryption" },
            { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" } ],
          "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "device" },
          "checkInSeconds": 900 }
        """;
}
