using CsCheck;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests;

/// <summary>Random lives of a device: whatever comes in whatever order, the twin stays one that can be.</summary>
public sealed class DevicePropertyTests
{
    private const int Graces = 3;

    private static readonly PolicyAssignment[] Policies =
        [.. Enumerable.Range(0, Graces).Select(i => A.Assignment(TwoRules(graceHours: i * 24), i + 1, A.Now.AddDays(-1)))];

    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[14, 17], Gen.Bool, Gen.Int[0, 20], static (os, encrypted, seq) => (Step)new Step.CheckIn(os, encrypted, seq)),
        Gen.Int[1, 30 * 60].Select(static minutes => (Step)new Step.Wait(minutes)),
        Gen.Enum<CommandKind>().Select(static kind => (Step)new Step.Queue(kind)),
        Gen.Select(
            Gen.Int[0, 5],
            Gen.OneOf(new[] { CommandStatus.Received, CommandStatus.Executing, CommandStatus.Succeeded, CommandStatus.Failed, CommandStatus.NotNow }.Select(Gen.Const).ToArray()),
            static (place, status) => (Step)new Step.Report(place, status)),
        Gen.Int[0, 5].Select(static place => (Step)new Step.Cancel(place)),
        Gen.Int[0, 5].Select(static place => (Step)new Step.Sent(place)),
        Gen.Int[0, Graces - 1].Select(static policy => (Step)new Step.Policy(policy)),
        Gen.Const((Step)new Step.NewToken()),
        Gen.Const((Step)new Step.Act()));

    [Fact]
    public void No_sequence_of_inputs_leaves_an_impossible_twin() => Steps.Array[0, 60].Sample(steps =>
    {
        var life = new Life();
        foreach (var step in steps)
        {
            life.Take(step);
            life.Demand();
        }
    });

    [Fact]
    public void Acting_twice_at_one_instant_changes_nothing_the_second_time() => Steps.Array[0, 40].Sample(steps =>
    {
        var life = new Life();
        foreach (var step in steps)
        {
            life.Take(step);
        }

        life.Take(new Step.Act());

        Assert.False(DeadlineRules.Act(life.Device, life.Policy, life.Now).MustStore);
    });

    [Fact]
    public void Acting_late_moves_neither_the_end_of_the_grace_nor_the_quarantine() => Gen.Int[1, 200].Array[1, 20].Sample(pauses =>
    {
        var failing = CheckInRules.Accept(A.Device(), A.CheckIn("15.0"), A.Assignment(), A.Now).Device;
        var (often, now) = (failing, A.Now);
        List<DeviceEvent> events = [];
        foreach (var pause in pauses)
        {
            now = now.AddHours(pause);
            var decision = DeadlineRules.Act(often, A.Assignment(), now);
            (often, events) = (decision.Device, [.. events, .. decision.Events]);
        }

        var once = DeadlineRules.Act(failing, A.Assignment(), now);

        Assert.Equal(once.Device.Compliance.GraceEndsAt, often.Compliance.GraceEndsAt);
        Assert.Equal(once.Device.QuarantineReasons, often.QuarantineReasons);
        Assert.Equal(
            once.Events.Select(e => (e.Kind, e.At, e.To)),
            events.Select(e => (e.Kind, e.At, e.To)));
    });

    private static string TwoRules(int graceHours) =>
        $$"""
        { "name": "Two", "graceHours": {{graceHours}}, "rules": [
          { "id": "os", "kind": "osVersion", "minimum": { "android": "16" } },
          { "id": "heard-from", "kind": "checkIn", "maximumHours": 30 },
          { "id": "encrypted", "kind": "encryption", "severity": "advisory" } ] }
        """;

    private abstract record Step
    {
        public sealed record CheckIn(int Os, bool Encrypted, int Seq) : Step;

        public sealed record Wait(int Minutes) : Step;

        public sealed record Queue(CommandKind Kind) : Step;

        public sealed record Report(int Place, CommandStatus Status) : Step;

        public sealed record Cancel(int Place) : Step;

        public sealed record Sent(int Place) : Step;

        public sealed record Policy(int Number) : Step;

        public sealed record NewToken : Step;

        public sealed record Act : Step;
    }

    private sealed class Life
    {
        private EventChain _chain;
        private PastTwin _told = new() { Id = A.Id };
        private int _policyChanges;

        public Life()
        {
            var created = A.Created();
            Device = created.Device;
            _chain = Device.Chain;
            _told = _told.Apply(created.Events, DateTimeOffset.MaxValue);
        }

        public Device Device { get; private set; }

        public DateTimeOffset Now { get; private set; } = A.Now;

        public PolicyAssignment Policy { get; private set; } = Policies[0];

        public void Take(Step step)
        {
            switch (step)
            {
                case Step.CheckIn(var os, var encrypted, var seq):
                    var posture = A.Posture($"{os}.0") with { EncryptionStatus = encrypted ? EncryptionStatus.Encrypted : EncryptionStatus.Unencrypted };
                    Apply(CheckInRules.Accept(Device, new CheckIn { Posture = posture, Boot = "b", Seq = seq }, Policy, Now));
                    break;
                case Step.Wait(var minutes):
                    Now = Now.AddMinutes(minutes);
                    break;
                case Step.Queue(var kind):
                    Apply(Device.TryQueue(kind, Now));
                    break;
                case Step.Report(var place, var status) when At(place) is { } command:
                    Apply(CommandReportRules.Apply(Device, new CommandReport { Id = command.Id, Status = status }, Now));
                    break;
                case Step.Cancel(var place) when At(place) is { } command:
                    Apply(CommandRules.Cancel(Device, command.Id, "key:admin", Now));
                    break;
                case Step.Sent(var place) when At(place) is { } command:
                    Apply(CommandRules.MarkSent(Device, [command.Id], Now));
                    break;
                case Step.Policy(var number):
                    _policyChanges++;
                    var chosen = Policies[number].Policy!; // made above
                    var stored = chosen with { Version = new PolicyVersion("baseline", 10 + _policyChanges), StoredAt = Now };
                    Policy = new PolicyAssignment(stored, Now, true);
                    break;
                case Step.NewToken:
                    Apply(DeviceRules.IssueToken(Device, A.Token, "key:admin", Now));
                    break;
                case Step.Act:
                    Apply(DeadlineRules.Act(Device, Policy, Now));
                    break;
            }
        }

        public void Demand()
        {
            var compliance = Device.Compliance;
            Assert.Equal(LifecycleRules.StateOf(Device.Lifecycle == LifecycleState.Retired, Device.QuarantineReasons, Device.WasActive), Device.Lifecycle);
            Assert.Equal(AccessRules.Decide(Device.Lifecycle, Device.QuarantineReasons, compliance), (Device.Access.Level, Device.Access.Reason));
            Assert.Equal(compliance.Status is ComplianceStatus.Unknown or ComplianceStatus.Compliant, compliance.NoncompliantSince is null);
            Assert.Equal(compliance.NoncompliantSince is null, compliance.GraceEndsAt is null);
            Assert.True(compliance.NoncompliantSince is null || compliance.NoncompliantSince <= Now);
            Assert.Equal(compliance.Status == ComplianceStatus.Noncompliant, Device.QuarantineReasons.HasFlag(QuarantineReasons.Noncompliant));
            Assert.All(compliance.Findings, finding => Assert.True(finding.Fails && finding.Since <= Now));
            Assert.All(Device.Commands.Pending, command => Assert.True(command.IsPending && command.Epoch == Device.Epoch));
            Assert.All(Device.Commands.Finished, command => Assert.False(command.IsPending));
            Assert.InRange(Device.Commands.Pending.Length, 0, CommandQueue.Capacity + CommandQueue.ReservedCapacity);
            Assert.InRange(Device.Commands.Finished.Length, 0, CommandQueue.FinishedCapacity);
            var ids = Device.Commands.Pending.Concat(Device.Commands.Finished).Select(command => command.Id).ToArray();
            Assert.Equal(ids.Length, ids.Distinct().Count());
            DemandThatTheHistoryTellsIt();
        }

        private DeviceCommand? At(int place) => Device.Commands.Pending.Concat(Device.Commands.Finished).ElementAtOrDefault(place);

        private void Apply(Decision decision)
        {
            Assert.Equal(decision.MustStore ? Device.Version + 1 : Device.Version, decision.Device.Version);
            Assert.True(decision.MustStore || decision.Events.IsEmpty);
            foreach (var entry in decision.Events)
            {
                Assert.True(EventChain.IsIntact(A.Id, _chain, entry));
                Assert.True(entry.At <= entry.RecordedAt);
                _chain = new EventChain(entry.Number, entry.Hash);
            }

            Assert.Equal(_chain, decision.Device.Chain);
            Device = decision.Device;
            _told = _told.Apply(decision.Events, DateTimeOffset.MaxValue);
        }

        /// <summary>Whoever reads the history alone comes to the same state.</summary>
        private void DemandThatTheHistoryTellsIt()
        {
            var compliance = Device.Compliance;
            Assert.Equal((Device.Epoch, Device.Lifecycle, Device.QuarantineReasons), (_told.Epoch, _told.Lifecycle, _told.QuarantineReasons));
            Assert.Equal((compliance.Status, compliance.Policy), (_told.Compliance, _told.Policy));
            Assert.Equal((compliance.NoncompliantSince, compliance.GraceEndsAt), (_told.NoncompliantSince, _told.GraceEndsAt));
            Assert.Equal(compliance.Findings.Select(f => (f.Rule, f.Status, f.Since)), _told.Findings.Select(f => (f.Rule, f.Status, f.Since)));
            Assert.Equal(Device.Access.Level, _told.Access!.Level);
            Assert.Equal(Device.Posture, _told.Posture);
        }
    }
}
