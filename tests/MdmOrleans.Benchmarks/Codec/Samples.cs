using System.Text;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Benchmarks.Codec;

/// <summary>A check-in of about 400 bytes, and its answer.</summary>
internal static class Samples
{
    public const string Root = "mdm/v1/acme/tablet-0001";

    public static byte[] CheckIn { get; } = Encoding.UTF8.GetBytes(
        """
        {"rid":"4be0643f","boot":"c1f2","seq":17,"at":"2026-11-24T03:00:00Z","timeZone":"Europe/Berlin","platform":"android","model":"Zebra TC58",
        "serial":"C02TQ0J4MD6N","osVersion":"16.5","patchLevel":"2026-11-05","encryptionStatus":"encrypted","keyProtectEnabled":true,
        "jailbroken":false,"passcodeSet":true,"attributes":{"battery":88,"vpn":{"state":"up"}}}
        """);

    public static byte[] CheckInWith40Apps { get; } = Encoding.UTF8.GetBytes(
        """{"rid":"1","platform":"android","osVersion":"16.5","encryptionStatus":"encrypted","apps":["""
        + string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"id":"com.example.application{{i}}","version":"{{i}}.2.3"}""")) + "]}");

    public static Verdict Verdict { get; } = new()
    {
        Lifecycle = LifecycleState.Active,
        Compliance = ComplianceStatus.InGracePeriod,
        Access = AccessLevel.Allow,
        Findings =
        [
            new Finding
            {
                Rule = "os-minimum",
                Status = RuleStatus.Noncompliant,
                Severity = Severity.Required,
                Expected = ">= 16.5",
                Actual = "16.4",
                ReportedAt = DateTimeOffset.UnixEpoch,
                Since = DateTimeOffset.UnixEpoch,
                Remediation = "Update to 16.5 or later.",
            },
        ],
        GraceEndsAt = DateTimeOffset.UnixEpoch,
        Policy = new PolicyVersion("baseline", 3),
        Commands = [],
        NextCheckInSeconds = 873,
        ServerTime = DateTimeOffset.UnixEpoch,
    };
}
