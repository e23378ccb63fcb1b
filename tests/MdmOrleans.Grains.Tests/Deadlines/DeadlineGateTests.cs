using MdmOrleans.Core;
using MdmOrleans.Grains.Deadlines;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Tests.Deadlines;

public sealed class DeadlineGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Whoever_is_due_the_longest_goes_first()
    {
        var gate = AGate(1);
        await gate.EnterAsync(Now);
        var late = gate.EnterAsync(Now.AddSeconds(5)).AsTask();
        var early = gate.EnterAsync(Now.AddSeconds(-5)).AsTask();

        gate.Leave();

        Assert.Equal((true, false), (early.IsCompleted, late.IsCompleted));
    }

    [Fact]
    public void While_the_store_is_busy_half_of_the_places_are_kept_back()
    {
        var load = new Load { IsBusy = true };
        var gate = AGate(4, load);

        var entered = Enumerable.Range(0, 4).Select(i => gate.EnterAsync(Now.AddSeconds(i)).AsTask()).ToArray();
        Assert.Equal(2, entered.Count(task => task.IsCompleted));

        load.IsBusy = false;
        gate.Leave();

        Assert.Equal(4, entered.Count(task => task.IsCompleted));
    }

    private static DeadlineGate AGate(int places, Load? load = null) =>
        new(load ?? new Load(), Options.Create(new DeadlineOptions { Concurrency = places }));

    private sealed class Load : IStoreLoad
    {
        public bool IsBusy { get; set; }
    }
}
