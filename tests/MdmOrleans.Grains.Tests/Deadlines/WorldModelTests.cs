using CsCheck;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tests.Deadlines;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>The grains, their shards and the database against the reference model, with crashes and rival activations in between.</summary>
public sealed class WorldModelTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private int _tenants;

    [Fact]
    public async Task Every_sequence_of_inputs_leads_to_what_the_domain_says_whoever_crashes()
    {
        WatchedDue? due = null;
        await using var world = await World.StartAsync(database, services =>
        {
            due = new WatchedDue((IDueDevices)services.Last(service => service.ServiceType == typeof(IDueDevices)).ImplementationInstance!); // the world's own
            services.AddSingleton<IDueDevices>(due);
        });
        await Gen.Select(ModelPolicy.Any, ModelInput.Sequences).SampleAsync(
            async (policy, inputs) =>
            {
                var run = await Run.StartAsync(world, due!, $"model{++_tenants}", policy);
                foreach (var input in inputs)
                {
                    await run.TakeAsync(input);
                }

                await run.CompareAsync();
            },
            iter: 60,
            threads: 1,
            print: story => $"{story.Item1}\n{string.Join('\n', story.Item2.AsEnumerable())}"); // whole: one left out cannot be told again
    }

    private sealed class Run(World world, WatchedDue due, DeviceId device, ModelPolicy first)
    {
        private readonly ReferenceModel _model = new(first);
        private readonly DateTimeOffset _start = world.Now;
        private readonly List<Policy> _versions = [];

        public static async Task<Run> StartAsync(World world, WatchedDue due, string tenant, ModelPolicy policy)
        {
            await world.CreateTenantAsync(tenant, policy.ToJson());
            var run = new Run(world, due, await world.CreateDeviceAsync($"{tenant}/device"), policy);
            run.Add(await world.PutPolicyAsync($"{tenant}/baseline", policy.ToJson())); // the same again
            return run;
        }

        public async Task TakeAsync(ModelInput input)
        {
            switch (input)
            {
                case ModelInput.Wait(var hours):
                    _model.Pass(hours);
                    await world.PassAsync(TimeSpan.FromHours(hours));
                    break;
                case ModelInput.CheckIn(var good):
                    _model.CheckIn(good);
                    await world.CheckInAsync(device, good ? "16.1" : "15.0");
                    break;
                case ModelInput.Change(var policy):
                    _model.Change(policy);
                    await ChangeAsync(policy);
                    break;
                case ModelInput.Act:
                    await world.SettleAsync();
                    break;
                case ModelInput.Crash:
                    await world.ForgetAsync(device);
                    break;
                case ModelInput.Rival:
                    await ActElsewhereAsync();
                    break;
            }
        }

        public async Task CompareAsync()
        {
            await world.PassAsync(TimeSpan.FromSeconds(5)); // who is to be judged again is due by then, and nothing else is
            await world.SettleAsync();
            var twin = (await world.Store.FindAsync(device, TestContext.Current.CancellationToken))!; // an activation that a rival outran may not know it yet
            Assert.Equal(
                (_model.Status, _model.IsQuarantined, _model.Access, _model.IsNominated),
                (twin.Compliance.Status.ToWire(), twin.QuarantineReasons.HasFlag(QuarantineReasons.Noncompliant), twin.Access.Level.ToWire(),
                    twin.Compliance.Ladder?.NominatedAt is not null));
            Assert.Equal((_model.NoncompliantSince, _model.GraceEndsAt), (HourOf(twin.Compliance.NoncompliantSince), HourOf(twin.Compliance.GraceEndsAt)));
            var history = await world.HistoryAsync(device);
            Assert.Equal(_model.Log, history.Select(Tell).OfType<(int, string)>());
            Assert.Equal(history.Length, history.Select(e => e.Number).Distinct().Count());
        }

        /// <summary>The fleet is told in the background; when this returns, it is due.</summary>
        private async Task ChangeAsync(ModelPolicy policy)
        {
            var stored = await world.PutPolicyAsync($"{device.Tenant}/baseline", policy.ToJson());
            Add(stored);
            if (stored.Version > 1)
            {
                await due.HastenedAsync(device.Tenant, stored.Version).WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        private void Add(StoredPolicy stored) =>
            _versions.Add(PolicyReader.ReadStored(stored.Json, new PolicyVersion(stored.Name, stored.Version), stored.StoredAt));

        /// <summary>What another activation would do, which knows nothing of the one here: the first to write wins.</summary>
        private async Task ActElsewhereAsync()
        {
            var before = await world.Store.FindAsync(device, TestContext.Current.CancellationToken);
            var judgedBy = before!.Compliance.Policy?.Version ?? int.MaxValue; // it was created at the start
            PolicyAssignment[] versions = [.. _versions.Select(policy => new PolicyAssignment(policy, policy.StoredAt, true))];
            var assignment = versions[^1] with
            {
                Superseded = [.. versions.Where(past => past.Policy!.Version.Version >= judgedBy && past.Policy != versions[^1].Policy)], // each has one
            };
            var decision = DeadlineRules.Act(before, assignment, world.Now);
            if (decision.MustStore)
            {
                await world.Store.SaveAsync(before, decision.Device, decision.Events, TestContext.Current.CancellationToken);
            }
        }

        private (int, string)? Tell(DeviceEvent e) => e switch
        {
            { Kind: EventKinds.LadderStepTaken } => (HourOf(e.At)!.Value, e.Reason!),
            { Kind: EventKinds.ComplianceChanged } when e.From != e.To => (HourOf(e.At)!.Value, e.To!),
            { Kind: EventKinds.LifecycleChanged, From: "Active" or "Quarantined" } => (HourOf(e.At)!.Value, e.To!),
            _ => null,
        };

        private int? HourOf(DateTimeOffset? instant) => instant is { } at ? (int)(at - _start).TotalHours : null;
    }
}
