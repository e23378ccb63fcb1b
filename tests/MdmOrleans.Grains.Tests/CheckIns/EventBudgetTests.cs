using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.CheckIns;

public sealed class EventBudgetTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    [Fact]
    public async Task What_a_device_has_used_up_of_its_events_survives_its_activation()
    {
        const string Device = "acme/chatty";
        await cluster.CreateTenantAsync("acme");
        await cluster.CreateDeviceAsync(Device);
        List<Problem?> answers = [];
        for (var i = 0; i < TwinCluster.EventsPerDay + 2; i++)
        {
            await cluster.MoveAsync(Device, cluster.Silos[i % 2]); // each time it is read from the store
            answers.Add(await TellAsync(Device));
        }

        cluster.Time.Advance(TimeSpan.FromDays(1));
        answers.Add(await TellAsync(Device));

        Assert.Equal(
            [.. Enumerable.Repeat<Problem?>(null, TwinCluster.EventsPerDay), ProblemCatalog.EventsOverBudget, ProblemCatalog.EventsOverBudget, null],
            answers);
        var kinds = (await cluster.EventsAsync(Device)).Select(e => e.Kind).ToArray();
        Assert.Equal(
            (TwinCluster.EventsPerDay + 1, 1),
            (kinds.Count(kind => kind == EventKinds.DeviceReported), kinds.Count(kind => kind == EventKinds.EventsDropped)));
    }

    private Task<Problem?> TellAsync(string device) =>
        cluster.CheckIns(device).TellAsync("tick", Utf8Block.FromText("{}"), ASession(1), 1, TestContext.Current.CancellationToken);
}
