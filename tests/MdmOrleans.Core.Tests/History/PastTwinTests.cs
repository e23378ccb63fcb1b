using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.History;

public sealed class PastTwinTests
{
    private static readonly ImmutableSortedDictionary<string, string> Labels = ImmutableSortedDictionary<string, string>.Empty.Add("site", "berlin");

    [Fact]
    public void Before_its_first_check_in_a_device_is_what_its_operator_said()
    {
        var history = new Told();

        var past = history.At(A.Now);

        Assert.Equal((LifecycleState.Provisioned, ComplianceStatus.Unknown, AccessLevel.Quarantine), (past.Lifecycle, past.Compliance, past.Access!.Level));
        Assert.Equal((Platform.Android, "S-1", "baseline"), (past.ExpectedPlatform!.Value, past.ExpectedSerial, past.AssignedPolicy));
        Assert.Equal(Labels, past.Labels);
        Assert.Equal((1, A.Now.AddHours(-1)), (past.Epoch, past.CreatedAt));
    }

    [Fact]
    public void Every_past_instant_has_the_state_that_it_had()
    {
        var history = new Told();
        history.CheckIn("16.5", A.Now);
        history.CheckIn("15.0", A.Now.AddHours(1));
        history.CheckIn("16.5", A.Now.AddHours(2));

        var (compliant, failing, healed) = (history.At(A.Now.AddMinutes(59)), history.At(A.Now.AddMinutes(61)), history.At(A.Now.AddHours(2)));

        Assert.Equal((ComplianceStatus.Compliant, "16.5"), (compliant.Compliance, compliant.Posture!.OsVersion));
        Assert.Equal((ComplianceStatus.InGracePeriod, "15.0", A.Now.AddHours(49)), (failing.Compliance, failing.Posture!.OsVersion, failing.GraceEndsAt!.Value));
        Assert.Equal((ComplianceStatus.Compliant, (DateTimeOffset?)null), (healed.Compliance, healed.GraceEndsAt));
    }

    [Fact]
    public void A_finding_is_kept_in_full()
    {
        var history = new Told();
        history.CheckIn("15.0", A.Now);

        var finding = Assert.Single(history.At(A.Now).Findings);

        Assert.Equal(history.Device.Compliance.Findings[0], finding);
    }

    [Fact]
    public void What_was_acted_on_late_is_seen_at_its_own_instant()
    {
        var history = new Told();
        history.CheckIn("15.0", A.Now);

        history.Take(DeadlineRules.Act(history.Device, history.Assignment, A.Now.AddDays(30))); // a server that was down

        Assert.Equal(LifecycleState.Active, history.At(A.Now.AddHours(48).AddMilliseconds(-1)).Lifecycle);
        var past = history.At(A.Now.AddHours(48));
        Assert.Equal((LifecycleState.Quarantined, QuarantineReasons.Noncompliant), (past.Lifecycle, past.QuarantineReasons));
        Assert.Equal((ComplianceStatus.Noncompliant, AccessLevel.Quarantine), (past.Compliance, past.Access!.Level));
    }

    [Fact]
    public void A_verdict_under_another_version_says_so()
    {
        var history = new Told();
        history.CheckIn("16.5", A.Now);

        history.Assignment = A.Assignment(version: 2, storedAt: A.Now.AddHours(1));
        history.CheckIn("16.5", A.Now.AddHours(2));

        Assert.Equal(1, history.At(A.Now.AddMinutes(59)).Policy!.Version);
        Assert.Equal(2, history.At(A.Now.AddHours(2)).Policy!.Version);
    }

    [Fact]
    public void Attributes_that_a_rule_reads_are_kept_and_others_are_not()
    {
        var history = new Told("""
            { "name": "Vpn", "rules": [
              { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" },
              { "id": "odd", "kind": "attribute", "path": "/attributes/a~1b/0", "operator": "exists", "value": true } ] }
            """);
        var said = Utf8Block.FromText("""{ "battery": 88, "vpn": { "state": "up", "since": 1 }, "a/b": [ { "x": 1.50 } ] }""");

        history.Take(CheckInRules.Accept(history.Device, new CheckIn { Posture = A.Posture() with { Attributes = said } }, history.Assignment, A.Now));

        Assert.Equal("""{"vpn":{"state":"up"},"a/b":{"0":{"x":1.50}}}""", history.At(A.Now).Posture!.Attributes.ToString());
    }

    [Fact]
    public void The_last_event_of_each_kind_tells_the_state_as_well_as_all_of_them()
    {
        var history = new Told();
        foreach (var (os, hour) in new[] { ("15.0", 1), ("16.5", 2), ("15.1", 60), ("15.2", 61), ("16.6", 200) })
        {
            history.CheckIn(os, A.Now.AddHours(hour));
            var last = history.Events.GroupBy(e => e.Kind).Select(kind => kind.Last()).OrderBy(e => e.Number);

            var fromLast = new PastTwin { Id = A.Id }.Apply(last, DateTimeOffset.MaxValue);

            Assert.Equal(Show(history.At(DateTimeOffset.MaxValue)), Show(fromLast));
        }
    }

    private static string Show(PastTwin twin) => $"{twin with { Findings = [], Labels = Labels }} {string.Join(';', twin.Findings)} {string.Join(';', twin.Labels)}";

    private sealed class Told
    {
        public Told(string policy = A.OsMinimum)
        {
            Assignment = new PolicyAssignment(A.Policy(policy), A.Now.AddDays(-1), true);
            var created = DeviceRules.Create(A.Id, new NewDevice(A.Token, "key:admin", Platform.Android, "S-1", Labels, "baseline"), A.Now.AddHours(-1));
            Device = created.Device;
            Events.AddRange(created.Events);
        }

        public Device Device { get; private set; }

        public PolicyAssignment Assignment { get; set; }

        public List<DeviceEvent> Events { get; } = [];

        public void CheckIn(string os, DateTimeOffset at) => Take(CheckInRules.Accept(Device, A.CheckIn(os), Assignment, at));

        public void Take(Decision decision)
        {
            Device = decision.Device;
            Events.AddRange(decision.Events);
        }

        public PastTwin At(DateTimeOffset at) => new PastTwin { Id = A.Id }.Apply(Events, at);
    }
}
