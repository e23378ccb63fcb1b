using System.Text.Json;
using CsCheck;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Enrollment;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Commands;

/// <summary>
/// Random lives of commands between people, a twin, a network that loses and repeats, and a device that forgets nothing: whatever
/// is interleaved, each command ends once, none of an older enrollment is applied, and no wipe gets past the governor.
/// </summary>
public sealed class CommandLifeProperties
{
    private static readonly CommandKind[] Kinds =
        [CommandKind.Message, CommandKind.Lock, CommandKind.Wipe, CommandKind.CheckInNow, CommandKind.Retire, CommandKind.UpdateOs];

    private static readonly CommandStatus[] Reported =
        [CommandStatus.Received, CommandStatus.Executing, CommandStatus.Succeeded, CommandStatus.Failed, CommandStatus.Rejected, CommandStatus.NotNow];

    private static readonly (LifecycleState To, TransitionReason Reason)[] Moves =
    [
        (LifecycleState.Quarantined, TransitionReason.Lost), (LifecycleState.Quarantined, TransitionReason.Stolen),
        (LifecycleState.Active, TransitionReason.Found), (LifecycleState.Active, TransitionReason.Found), (LifecycleState.Retired, TransitionReason.Disposed),
    ];

    private static readonly Gen<(Action<World> Act, bool IsLost)> Steps = Gen.Select(
        Gen.OneOf(
            Gen.Select(Of(Kinds), Gen.Int[0, 9], Gen.Bool, static (kind, key, isJudged) => (Action<World>)(world => world.Request(kind, key, isJudged))),
            Gen.Const((Action<World>)(world => world.Deliver())),
            Gen.Int[0, 9].Select(static place => (Action<World>)(world => world.Acknowledge(place))),
            Gen.Select(Gen.Int[0, 9], Of(Reported), static (place, status) => (Action<World>)(world => world.Report(place, status))),
            Gen.Select(Gen.Int[0, 9], Of(Reported), static (place, status) => (Action<World>)(world => world.ReportFromBefore(place, status))),
            Gen.Int[0, 9].Select(static place => (Action<World>)(world => world.Cancel(place))),
            Gen.Select(Gen.Int[0, 9], Gen.Bool, static (place, isApproved) => (Action<World>)(world => world.Decide(place, isApproved))),
            Gen.Select(Of(Moves), Gen.Bool, static (move, asks) => (Action<World>)(world => world.Move(move.To, move.Reason, asks))),
            Gen.Int[1, 3000].Select(static minutes => (Action<World>)(world => world.Wait(minutes))),
            Gen.Const((Action<World>)(world => world.Enroll()))),
        Gen.Int[0, 9],
        static (act, luck) => (act, luck == 0));

    [Fact]
    public void Whatever_is_interleaved_each_command_has_one_end_and_no_wipe_gets_past_the_governor() => Steps.Array[0, 80].Sample(steps =>
    {
        var world = new World();
        foreach (var (act, isLost) in steps)
        {
            world.IsLost = isLost; // the process died before it was stored: nothing of it counts
            act(world);
            world.Demand();
        }

        world.IsLost = false;
        world.Finish();
    });

    private static Gen<T> Of<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private sealed class World
    {
        private const string Second = "key:second";

        private readonly Dictionary<Guid, string> _status = [];
        private readonly HashSet<Guid> _letGo = [];
        private readonly List<Guid> _atDevice = [];
        private readonly Dictionary<Guid, int> _epochOf = [];
        private GovernorLedger _ledger = GovernorLedger.Empty;
        private Device _device = A.ActiveDevice();
        private DateTimeOffset _now = A.Now;

        public bool IsLost { get; set; }

        public void Request(CommandKind kind, int key, bool isJudged)
        {
            var request = A.Command(kind, $"{kind}-{key}");
            if (CommandRules.Look(_device, request) is not (null, null))
            {
                return; // refused, or known under its key
            }

            var id = Guid.CreateVersion7(_now);
            var judgement = isJudged && kind is CommandKind.Wipe or CommandKind.Retire ? Judge(id) : default;
            Store(CommandRules.Enqueue(_device, request, id, _now, judgement).Decision);
        }

        public void Deliver()
        {
            foreach (var command in CommandRules.Offer(_device, _now))
            {
                Assert.Equal(_device.Epoch, command.Epoch);
                Assert.True(command.Kind is not (CommandKind.Wipe or CommandKind.Retire) || _letGo.Contains(command.Id), "nobody let it go");
                if (!_atDevice.Contains(command.Id))
                {
                    _atDevice.Add(command.Id);
                    _epochOf[command.Id] = command.Epoch;
                }
            }
        }

        public void Acknowledge(int place)
        {
            if (Pick(place) is { } id)
            {
                Store(CommandRules.MarkSent(_device, [id], _now));
            }
        }

        public void Report(int place, CommandStatus status)
        {
            if (Pick(place) is not { } id || CommandMoves.Find(_device.Commands, id) is null)
            {
                return; // it has left the twin: the history has it
            }

            var before = _status[id];
            Store(CommandReportRules.Apply(_device, new CommandReport { Id = id, Status = status }, _now));
            Assert.True(_epochOf[id] == _device.Epoch || before == _status[id], "a report of an older enrollment was applied");
        }

        /// <summary>A connection that outlived its credential says something about whatever the twin knows.</summary>
        public void ReportFromBefore(int place, CommandStatus status)
        {
            var known = _device.Commands.Pending.Concat(_device.Commands.Finished).ElementAtOrDefault(place);
            if (known is null)
            {
                return;
            }

            var turn = new DeviceTurn(_device, _now);
            CommandMoves.EndOverdue(turn); // what is over ends whoever speaks
            Store(turn.Decide());
            var before = _device;
            Store(CommandReportRules.Apply(_device, new CommandReport { Id = known.Id, Status = status, Epoch = _device.Epoch - 1 }, _now));
            Assert.Equal((before.Commands, before.Lifecycle, before.QuarantineReasons), (_device.Commands, _device.Lifecycle, _device.QuarantineReasons));
        }

        public void Cancel(int place)
        {
            var pending = _device.Commands.Pending;
            if (place < pending.Length)
            {
                Store(CommandRules.Cancel(_device, pending[place].Id, "key:admin", _now));
            }
        }

        public void Decide(int place, bool isApproved)
        {
            var held = _device.Commands.Pending.Where(c => c.Status == CommandStatus.OnHold).ToArray();
            if (place >= held.Length)
            {
                return;
            }

            var decision = isApproved
                ? HoldRules.Approve(_device, held[place].Id, Second, TimeSpan.Zero, _now)
                : HoldRules.Reject(_device, held[place].Id, Second, _now);
            if (isApproved && decision.Problem is null && !IsLost)
            {
                _letGo.Add(held[place].Id);
            }

            Store(decision);
        }

        /// <param name="asks">False: whoever carries it out thinks that the governor need not be asked, as one who looks at an old twin does.</param>
        public void Move(LifecycleState to, TransitionReason reason, bool asks)
        {
            var request = new TransitionRequest(to, reason, null, "key:admin");
            var ids = TransitionIds.At(_now);
            var judgement = asks && TransitionRules.NeedsGovernor(_device, request, _now) ? Judge(ids.First) : default;
            Store(TransitionRules.Apply(_device, request, ids, default, judgement, _now).Decision);
        }

        public void Wait(int minutes)
        {
            _now = _now.AddMinutes(minutes);
            Store(DeadlineRules.Act(_device, A.Assignment(), _now));
        }

        public void Enroll() => Store(DeviceRules.IssueToken(_device, A.Token, "key:admin", _now));

        public void Demand()
        {
            Assert.All(
                _device.Commands.Pending.Where(c => c.Kind.IsGoverned() && c.Status != CommandStatus.OnHold),
                command => Assert.True(_letGo.Contains(command.Id), "it left its hold without a pass or an approval"));
            Assert.True(_device.Commands.Pending.Length <= CommandQueue.Capacity + CommandQueue.ReservedCapacity);
            Assert.True(_device.Commands.Finished.Length <= CommandQueue.FinishedCapacity);
            Assert.All(_device.Commands.Pending, command => Assert.Equal((_device.Epoch, true), (command.Epoch, command.IsPending)));
            Assert.All(_device.Commands.Pending.Concat(_device.Commands.Finished), c => Assert.Equal(_status[c.Id], c.Status.ToWire()));
            var offered = CommandRules.Offer(_device, _now).Select(c => c.Id).ToHashSet();
            Assert.All(
                _device.Commands.Pending.Where(c => c.Status is CommandStatus.Queued or CommandStatus.Sent && c.ExpiresAt > _now),
                command => Assert.Contains(command.Id, offered));
        }

        /// <summary>At least once to the device: one that connects and does what it is asked comes to the end of its queue.</summary>
        public void Finish()
        {
            for (var i = 0; i < 3 && !_device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped); i++)
            {
                Wait(61); // no back-off is longer
                Deliver();
                foreach (var id in _device.Commands.Pending.Where(c => c.Status != CommandStatus.OnHold).Select(c => c.Id).ToArray())
                {
                    Assert.Contains(id, _atDevice);
                    Store(CommandReportRules.Apply(_device, new CommandReport { Id = id, Status = CommandStatus.Succeeded }, _now));
                }

                Demand();
            }

            // A wiped device does not come back before it is enrolled again, which cancels what was asked of it meanwhile.
            Assert.True(
                _device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped) || _device.Commands.Pending.All(c => c.Status == CommandStatus.OnHold));
        }

        private Judgement Judge(Guid id)
        {
            (var judgement, _ledger) = GovernorRules.Judge(GovernorSettingsOfTwo, _ledger, id, 100, _now);
            if (judgement.Passed is { } passed)
            {
                _letGo.Add(passed);
            }

            Assert.True(_ledger.Passes.Length <= GovernorSettingsOfTwo.MaxInWindow);
            return judgement;
        }

        private static GovernorSettings GovernorSettingsOfTwo { get; } = GovernorSettings.Default with { MaxInWindow = 2 };

        private Guid? Pick(int place) => _atDevice.Count == 0 ? null : _atDevice[^(1 + (place % _atDevice.Count))];

        private void Store(Decision decision)
        {
            if (decision.Problem is not null || IsLost)
            {
                return;
            }

            if (_device.Lifecycle != LifecycleState.Retired && decision.Device.Lifecycle == LifecycleState.Retired)
            {
                var asked = decision.Device.Commands.Pending.Concat(decision.Device.Commands.Finished).Where(c => c.Retires);
                Assert.True(asked.Any(c => _letGo.Contains(c.Id)), "it was retired without a pass or an approval");
            }

            _device = decision.Device;
            foreach (var @event in decision.Events.Where(e => e.Kind is EventKinds.CommandQueued or EventKinds.CommandStatusChanged))
            {
                Follow(@event);
            }
        }

        /// <summary>Every step begins where the last one ended, and nothing follows an end but the word that it ran all the same.</summary>
        private void Follow(DeviceEvent @event)
        {
            var id = JsonDocument.Parse(@event.Detail.Memory).RootElement.GetProperty("command").GetGuid();
            if (_status.TryGetValue(id, out var before))
            {
                Assert.Equal(before, @event.From);
                Assert.True(before == "canceled" ? @event.To == "canceledButExecuted" : !IsFinal(before), $"{before} became {@event.To}");
            }

            _status[id] = @event.To!;
        }

        private static bool IsFinal(string status) =>
            Enum.GetValues<CommandStatus>().Single(s => s.ToWire() == status).IsFinal();
    }
}
