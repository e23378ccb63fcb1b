using System.Globalization;

namespace MdmOrleans.Server.Demo;

/// <summary>What the demo's tenants ask of their devices. They differ in the grace that they allow.</summary>
internal static class DemoPolicy
{
    public const string Name = "baseline";

    /// <param name="graceHours">How long a device may fail before it is quarantined.</param>
    public static string Json(double graceHours) =>
        $$$"""
        { "name": "Baseline",
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "remediation": "Update to {{expected}}.",
              "minimum": { "android": "14", "ios": "16.5", "ipados": "16.5", "macos": "13", "windows": "10.0.22000", "linux": "11" } },
            { "id": "encrypted", "kind": "encryption", "remediation": "Turn on disk encryption.",
              "platforms": ["android", "ios", "ipados", "macos", "windows"] },
            { "id": "not-jailbroken", "kind": "jailbreak", "platforms": ["android", "ios", "ipados"] },
            { "id": "hardware-keys", "kind": "keyProtection", "severity": "advisory", "platforms": ["android", "ios", "ipados", "macos", "windows"] },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 }
          ],
          "graceHours": {{{graceHours.ToString(CultureInfo.InvariantCulture)}}},
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "checkInSeconds": 60 }
        """;
}
