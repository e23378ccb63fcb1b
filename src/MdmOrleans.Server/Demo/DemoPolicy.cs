namespace MdmOrleans.Server.Demo;

/// <summary>What the demo's tenants ask of their devices.</summary>
internal static class DemoPolicy
{
    public const string Name = "baseline";

    public const string Json =
        """
        { "name": "Baseline",
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "remediation": "Update to {{expected}}.",
              "minimum": { "android": "14", "ios": "16.5", "ipados": "16.5", "macos": "13", "windows": "10.0.22000", "linux": "11" } },
            { "id": "encrypted", "kind": "encryption", "remediation": "Turn on disk encryption." },
            { "id": "not-jailbroken", "kind": "jailbreak" },
            { "id": "hardware-keys", "kind": "keyProtection", "severity": "advisory" },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 }
          ],
          "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "checkInSeconds": 60 }
        """;
}
