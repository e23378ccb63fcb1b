using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Integration.Tests.Agents;

internal static class AnAnswer
{
    public static readonly DateTimeOffset ServerTime = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    public static CheckInAnswer To(string? rid, int nextCheckInSeconds, params DeliveredCommand[] commands) => new()
    {
        Rid = rid,
        Lifecycle = LifecycleNames.Active,
        Compliance = ComplianceNames.Compliant,
        Access = AccessNames.Allow,
        Findings = [],
        Commands = commands,
        NextCheckInSeconds = nextCheckInSeconds,
        ServerTime = ServerTime,
    };
}
