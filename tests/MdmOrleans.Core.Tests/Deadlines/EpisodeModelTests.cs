using CsCheck;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Deadlines;

/// <summary>The rules against the reference model: the same verdicts, at the same instants, no step twice, none missed, however late.</summary>
public sealed class EpisodeModelTests
{
    [Fact]
    public void Every_sequence_of_inputs_leads_to_what_the_domain_says() =>
        Gen.Select(ModelPolicy.Any, ModelInput.Sequences).Sample(
            (policy, inputs) =>
            {
                var run = new Run(policy);
                foreach (var input in inputs)
                {
                    run.Take(input);
                }

                run.Take(new ModelInput.Act());
                run.Compare();
            },
            iter: 5000);

    private sealed class Run
    {
        private readonly ReferenceModel _model;
        private readonly List<PolicyAssignment> _versions = [];
        private readonly List<DeviceEvent> _events = [];
        private Device _device = A.Device();

        public Run(ModelPolicy policy)
        {
            _model = new ReferenceModel(policy);
            Add(policy);
        }

        private DateTimeOffset Now => A.Now.AddHours(_model.Hour);

        /// <summary>The newest version, with those that the device has not been judged by yet.</summary>
        private PolicyAssignment Assignment
        {
            get
            {
                var judgedBy = _device.Compliance.Policy?.Version ?? _versions.Count;
                return _versions[^1] with { Superseded = [.. _versions.Skip(judgedBy - 1).SkipLast(1)] };
            }
        }

        public void Take(ModelInput input)
        {
            switch (input)
            {
                case ModelInput.Wait(var hours):
                    _model.Pass(hours);
                    break;
                case ModelInput.CheckIn(var good):
                    _model.CheckIn(good);
                    Apply(CheckInRules.Accept(_device, A.CheckIn(good ? "16.1" : "15.0"), Assignment, Now));
                    break;
                case ModelInput.Change(var policy):
                    _model.Change(policy);
                    Add(policy);
                    break;
                case ModelInput.Act when DeadlineRules.Postpone(_device, Assignment, Now) is { } postponed:
                    _device = postponed;
                    break;
                case ModelInput.Act:
                    Apply(DeadlineRules.Act(_device, Assignment, Now));
                    break;
                default:
                    break; // there is no memory to lose here, and nobody else
            }
        }

        public void Compare()
        {
            var compliance = _device.Compliance;
            Assert.Equal(
                (_model.Status, _model.IsQuarantined, _model.Access, _model.IsNominated),
                (compliance.Status.ToWire(), _device.QuarantineReasons.HasFlag(QuarantineReasons.Noncompliant), _device.Access.Level.ToWire(),
                    compliance.Ladder?.NominatedAt is not null));
            Assert.Equal((_model.NoncompliantSince, _model.GraceEndsAt), (HourOf(compliance.NoncompliantSince), HourOf(compliance.GraceEndsAt)));
            Assert.Equal(_model.Log, _events.Select(Tell).OfType<(int, string)>());
            Assert.Equal(
                _model.Log.Count(entry => entry.What == "command"),
                _events.Count(e => e.Kind == EventKinds.CommandQueued && e.Detail.ToString().Contains("message", StringComparison.Ordinal)));
            Assert.True(_model.NoncompliantSince is not null || _device.Commands.Pending.IsEmpty, "healing calls off what was not sent");
            Assert.True(!(_device.NextDueAt <= Now), "nothing is left over");
        }

        private void Apply(Decision decision)
        {
            _events.AddRange(decision.Events);
            _device = decision.Device;
        }

        private void Add(ModelPolicy policy) => _versions.Add(A.Assignment(policy.ToJson(), _versions.Count + 1, Now));

        private static (int, string)? Tell(DeviceEvent e) => e switch
        {
            { Kind: EventKinds.LadderStepTaken } => (HourOf(e.At)!.Value, e.Reason!),
            { Kind: EventKinds.ComplianceChanged } when e.From != e.To => (HourOf(e.At)!.Value, e.To!),
            { Kind: EventKinds.LifecycleChanged, From: not "Provisioned" } => (HourOf(e.At)!.Value, e.To!),
            _ => null,
        };

        private static int? HourOf(DateTimeOffset? instant) => instant is { } at ? (int)(at - A.Now).TotalHours : null;
    }
}
