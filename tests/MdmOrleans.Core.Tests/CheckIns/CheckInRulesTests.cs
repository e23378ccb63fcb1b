using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.CheckIns;

public sealed class CheckInRulesTests
{
    private static readonly DateTimeOffset Now = A.Now;

    [Fact]
    public void The_first_accepted_check_in_makes_a_device_active_and_lets_it_in()
    {
        var device = A.Device();

        var decision = CheckInRules.Accept(device, A.CheckIn(), A.Assignment(), Now);

        Assert.Equal(LifecycleState.Active, decision.Device.Lifecycle);
        Assert.Equal(ComplianceStatus.Compliant, decision.Device.Compliance.Status);
        Assert.Equal(AccessLevel.Allow, decision.Device.Access.Level);
        Assert.Equal(
            [EventKinds.PostureChanged, EventKinds.LifecycleChanged, EventKinds.ComplianceChanged, EventKinds.AccessChanged],
            decision.Events.Select(e => e.Kind));
    }

    [Fact]
    public void The_same_posture_again_stores_nothing()
    {
        var device = A.ActiveDevice();

        var decision = CheckInRules.Accept(device, A.CheckIn(), A.Assignment(), Now.AddMinutes(15));

        Assert.False(decision.MustStore);
        Assert.Equal(device.Version, decision.Device.Version);
        Assert.Equal(Now.AddMinutes(15), decision.Device.Seen!.CheckInAt);
    }

    [Fact]
    public void Attributes_that_the_database_spelled_otherwise_are_the_same_when_they_are_sent_again()
    {
        var first = A.CheckIn();
        first = first with { Posture = first.Posture with { Attributes = Utf8Block.FromText("""{"vpn":{"state":"up"},"a":1}""") } };
        var stored = CheckInRules.Accept(A.Device(), first, A.Assignment(), Now).Device;
        var loaded = stored with { Posture = stored.Posture! with { Attributes = Utf8Block.FromText("""{"a": 1, "vpn": {"state": "up"}}""") } };

        var decision = CheckInRules.Accept(loaded, first, A.Assignment(), Now.AddMinutes(15));

        Assert.False(decision.MustStore);
        Assert.Same(loaded.Posture, decision.Device.Posture);
    }

    [Fact]
    public void An_attribute_that_a_rule_reads_and_the_database_spelled_otherwise_makes_no_event_when_another_one_changes()
    {
        var policy = A.Assignment(
            """{"name":"p","rules":[{"id":"vpn","kind":"attribute","path":"/attributes/vpn","operator":"exists","value":true}]}""");
        var checkIn = A.CheckIn();
        var stored = CheckInRules.Accept(A.Device(), checkIn with { Posture = Saying("""{"vpn":{"state":"up","n":1.0},"a":1}""") }, policy, Now).Device;
        var loaded = stored with { Posture = stored.Posture! with { Attributes = Utf8Block.FromText("""{"a": 1, "vpn": {"n": 1.0, "state": "up"}}""") } };

        var another = CheckInRules.Accept(loaded, checkIn with { Posture = Saying("""{"vpn":{"state":"up","n":1.0},"a":2}""") }, policy, Now.AddMinutes(15));
        var read = CheckInRules.Accept(loaded, checkIn with { Posture = Saying("""{"vpn":{"state":"down","n":1.0},"a":1}""") }, policy, Now.AddMinutes(15));

        Assert.True(another.MustStore);
        Assert.Empty(another.Events);
        Assert.Equal([EventKinds.PostureChanged], read.Events.Select(e => e.Kind));

        Posture Saying(string attributes) => checkIn.Posture with { Attributes = Utf8Block.FromText(attributes) };
    }

    [Fact]
    public void A_device_that_contradicts_its_operators_serial_number_keeps_theirs_and_leaves_one_event()
    {
        var device = A.Device() with { ExpectedSerial = "S-operator" };
        var checkIn = A.CheckIn();
        var lying = checkIn with { Posture = checkIn.Posture with { Serial = "S-device" } };

        var first = CheckInRules.Accept(device, lying, A.Assignment(), Now);
        var again = CheckInRules.Accept(first.Device, lying with { Posture = lying.Posture with { OsVersion = "16.6" } }, A.Assignment(), Now.AddMinutes(15));
        var agreed = CheckInRules.Accept(again.Device, checkIn with { Posture = checkIn.Posture with { Serial = "S-operator" } }, A.Assignment(), Now.AddMinutes(30));

        Assert.Equal(("S-operator", "S-device"), (first.Device.Serial, first.Device.ContradictingSerial));
        Assert.Equal(
            ("S-operator", "S-device", "device"),
            first.Events.Where(e => e.Kind == EventKinds.SerialContradicted).Select(e => (e.From, e.To, e.Actor)).Single());
        Assert.DoesNotContain(again.Events.Concat(agreed.Events), e => e.Kind == EventKinds.SerialContradicted);
        Assert.Equal(("S-operator", null), (agreed.Device.Serial, agreed.Device.ContradictingSerial));
    }

    [Fact]
    public void A_check_in_with_a_seq_already_seen_in_this_boot_changes_nothing_but_the_time_last_seen()
    {
        var device = CheckInRules.Accept(A.Device(), A.CheckIn(boot: "b1", seq: 7), A.Assignment(), Now).Device;

        var decision = CheckInRules.Accept(device, A.CheckIn("1.0", "b1", 7), A.Assignment(), Now.AddSeconds(1));

        Assert.False(decision.MustStore);
        Assert.Equal("16.5", decision.Device.Posture!.OsVersion);
        Assert.Equal(Now, decision.Device.Seen!.CheckInAt);
    }

    [Fact]
    public void Another_boot_counts_from_the_beginning()
    {
        var device = CheckInRules.Accept(A.Device(), A.CheckIn(boot: "b1", seq: 7), A.Assignment(), Now).Device;

        var decision = CheckInRules.Accept(device, A.CheckIn("16.6", "b2", 1), A.Assignment(), Now.AddSeconds(1));

        Assert.Equal("16.6", decision.Device.Posture!.OsVersion);
    }

    [Fact]
    public void A_failing_required_rule_starts_a_grace_of_48_hours_from_its_receipt()
    {
        var device = A.ActiveDevice();

        var decision = CheckInRules.Accept(device, A.CheckIn("15.0"), A.Assignment(), Now.AddMinutes(15));

        var compliance = decision.Device.Compliance;
        Assert.Equal(ComplianceStatus.InGracePeriod, compliance.Status);
        Assert.Equal(Now.AddMinutes(15), compliance.NoncompliantSince);
        Assert.Equal(Now.AddMinutes(15).AddHours(48), compliance.GraceEndsAt);
        Assert.Equal(AccessLevel.Allow, decision.Device.Access.Level);
        var finding = Assert.Single(compliance.Findings);
        Assert.Equal(("os-minimum", "15.0"), (finding.Rule, finding.Actual));
    }

    [Fact]
    public void A_check_in_after_the_end_of_the_grace_quarantines_as_of_that_end()
    {
        var failing = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(), Now).Device;

        var decision = CheckInRules.Accept(failing, A.CheckIn("15.0"), A.Assignment(), Now.AddHours(60));

        Assert.Equal(LifecycleState.Quarantined, decision.Device.Lifecycle);
        Assert.Equal(QuarantineReasons.Noncompliant, decision.Device.QuarantineReasons);
        Assert.Equal(AccessLevel.Quarantine, decision.Device.Access.Level);
        var moved = Assert.Single(decision.Events, e => e.Kind == EventKinds.LifecycleChanged);
        Assert.Equal((Now.AddHours(48), Actors.Grace), (moved.At, moved.Actor));
        Assert.Equal(Now.AddHours(60), moved.RecordedAt);
    }

    [Fact]
    public void Healing_after_the_grace_shows_the_quarantine_and_its_end()
    {
        var failing = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(), Now).Device;

        var decision = CheckInRules.Accept(failing, A.CheckIn("16.5"), A.Assignment(), Now.AddHours(60));

        Assert.Equal(LifecycleState.Active, decision.Device.Lifecycle);
        Assert.Equal(
            [("Active", "Quarantined"), ("Quarantined", "Active")],
            decision.Events.Where(e => e.Kind == EventKinds.LifecycleChanged).Select(e => (e.From!, e.To!)));
        Assert.Null(decision.Device.Compliance.NoncompliantSince);
    }

    [Fact]
    public void Failing_another_rule_does_not_restart_the_grace()
    {
        const string TwoRules =
            """
            { "name": "Two", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } }, { "id": "enc", "kind": "encryption" } ] }
            """;
        var device = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(TwoRules), Now).Device;
        var worse = A.CheckIn("15.0") with { Posture = A.Posture("15.0") with { EncryptionStatus = EncryptionStatus.Unencrypted } };
        var other = A.CheckIn("16.5") with { Posture = A.Posture("16.5") with { EncryptionStatus = EncryptionStatus.Unencrypted } };

        device = CheckInRules.Accept(device, worse, A.Assignment(TwoRules), Now.AddHours(10)).Device;
        device = CheckInRules.Accept(device, other, A.Assignment(TwoRules), Now.AddHours(20)).Device;

        Assert.Equal("enc", Assert.Single(device.Compliance.Findings).Rule);
        Assert.Equal(Now.AddHours(48), device.Compliance.GraceEndsAt);
    }

    [Fact]
    public void A_longer_grace_lets_a_quarantined_device_back_in()
    {
        var device = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(), Now).Device;
        device = CheckInRules.Accept(device, A.CheckIn("15.0"), A.Assignment(), Now.AddHours(60)).Device;
        var longer = A.Assignment(A.OsMinimum.Replace("\"rules\"", "\"graceHours\": 100, \"rules\"", StringComparison.Ordinal), 2, Now.AddHours(61));

        var decision = CheckInRules.Accept(device, A.CheckIn("15.0"), longer, Now.AddHours(62));

        Assert.Equal(LifecycleState.Active, decision.Device.Lifecycle);
        Assert.Equal(ComplianceStatus.InGracePeriod, decision.Device.Compliance.Status);
        Assert.Equal(Now.AddHours(100), decision.Device.Compliance.GraceEndsAt);
        Assert.Equal(2, decision.Device.Compliance.Policy!.Version);
    }

    [Fact]
    public void A_shorter_grace_ends_as_of_the_policy_that_brought_it()
    {
        var device = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(), Now).Device;
        var shorter = A.Assignment(A.OsMinimum.Replace("\"rules\"", "\"graceHours\": 1, \"rules\"", StringComparison.Ordinal), 2, Now.AddHours(10));

        var decision = CheckInRules.Accept(device, A.CheckIn("15.0"), shorter, Now.AddHours(12));

        var moved = Assert.Single(decision.Events, e => e.Kind == EventKinds.LifecycleChanged);
        Assert.Equal(Now.AddHours(10), moved.At);
    }

    [Fact]
    public void Without_a_policy_a_device_is_quarantined_at_once()
    {
        var decision = CheckInRules.Accept(A.Device(), A.CheckIn(), new PolicyAssignment(null, Now.AddDays(-1), true), Now);

        Assert.Equal(ComplianceStatus.Noncompliant, decision.Device.Compliance.Status);
        Assert.Equal("policy-assigned", Assert.Single(decision.Device.Compliance.Findings).Rule);
        Assert.Equal(LifecycleState.Quarantined, decision.Device.Lifecycle);
    }

    [Fact]
    public void A_tenant_may_let_devices_in_that_no_policy_covers()
    {
        var decision = CheckInRules.Accept(A.Device(), A.CheckIn(), new PolicyAssignment(null, Now.AddDays(-1), false), Now);

        Assert.Equal(ComplianceStatus.Compliant, decision.Device.Compliance.Status);
        Assert.Equal(AccessLevel.Allow, decision.Device.Access.Level);
    }

    [Fact]
    public void A_new_policy_version_judges_at_the_next_check_in_and_the_twin_says_so()
    {
        var device = A.ActiveDevice();
        var stricter = A.Assignment(A.OsMinimum.Replace("\"16\"", "\"17\"", StringComparison.Ordinal), 2, Now.AddHours(1));

        var decision = CheckInRules.Accept(device, A.CheckIn(), stricter, Now.AddHours(5));

        Assert.Equal(2, decision.Device.Compliance.Policy!.Version);
        Assert.Equal(Now.AddHours(1), decision.Device.Compliance.NoncompliantSince); // the posture was known before the policy was
    }

    [Fact]
    public void A_check_in_of_an_older_session_is_refused()
    {
        var newer = new SessionEpoch(2, 2);
        var device = A.ActiveDevice() with { Session = new DeviceSession(newer, "gateway") };

        var decision = CheckInRules.Accept(device, A.CheckIn("16.6") with { Session = new SessionEpoch(1, 1) }, A.Assignment(), Now.AddMinutes(1));

        Assert.Equal(ProblemCatalog.SessionSuperseded, decision.Problem);
        Assert.Same(device, decision.Device);
    }

    [Fact]
    public void A_check_in_under_a_credential_of_an_older_enrollment_is_refused()
    {
        var device = A.ActiveDevice() with { Epoch = 2 };

        var older = CheckInRules.Accept(device, A.CheckIn("16.6") with { Epoch = 1 }, A.Assignment(), Now.AddMinutes(1));
        var current = CheckInRules.Accept(device, A.CheckIn("16.6") with { Epoch = 2 }, A.Assignment(), Now.AddMinutes(1));

        Assert.Equal(ProblemCatalog.CredentialRevoked, older.Problem);
        Assert.Null(current.Problem);
    }

    [Fact]
    public void What_a_check_in_leaves_out_of_model_apps_and_attributes_stays_as_before()
    {
        var full = A.CheckIn() with
        {
            Posture = A.Posture() with { Model = "Zebra TC58", Apps = Utf8Block.FromText("[]"), Attributes = Utf8Block.FromText("{}") },
        };
        var device = CheckInRules.Accept(A.Device(), full, A.Assignment(), Now).Device;

        var decision = CheckInRules.Accept(device, A.CheckIn(), A.Assignment(), Now.AddMinutes(1));

        Assert.False(decision.MustStore);
        Assert.Equal("Zebra TC58", decision.Device.Posture!.Model);
    }

    [Fact]
    public void A_change_of_an_attribute_that_no_rule_reads_is_stored_without_an_event()
    {
        var device = A.ActiveDevice();
        var checkIn = A.CheckIn() with { Posture = A.Posture() with { Attributes = Utf8Block.FromText("""{"battery":88}""") } };

        var decision = CheckInRules.Accept(device, checkIn, A.Assignment(), Now.AddMinutes(1));

        Assert.True(decision.MustStore);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void The_answer_asks_the_device_back_within_a_tenth_before_the_interval_of_its_policy()
    {
        var device = A.ActiveDevice();

        var answers = Enumerable.Range(0, 200).Select(i => CheckInRules.Answer(device, A.Assignment(), Now.AddMilliseconds(i)).NextCheckInSeconds);

        Assert.All(answers, seconds => Assert.InRange(seconds, 811, 900));
        Assert.True(answers.Distinct().Count() > 50, "a fleet that checks in together must drift apart");
    }
}
