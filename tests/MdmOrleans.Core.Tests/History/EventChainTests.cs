using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Tests.History;

public sealed class EventChainTests
{
    [Fact]
    public void The_events_of_a_device_form_one_chain_without_gaps()
    {
        var created = Created();
        var decision = CheckInRules.Accept(created.Device, A.CheckIn(), A.Assignment(), A.Now);

        var chain = EventChain.Empty;
        foreach (var entry in created.Events.Concat(decision.Events))
        {
            Assert.True(EventChain.IsIntact(A.Id, chain, entry), $"{entry.Number} {entry.Kind}");
            chain = new EventChain(entry.Number, entry.Hash);
        }

        Assert.Equal(decision.Device.Chain, chain);
    }

    [Fact]
    public void A_changed_event_breaks_the_chain()
    {
        var entry = Created().Events[0];

        Assert.False(EventChain.IsIntact(A.Id, EventChain.Empty, entry with { Actor = "key:somebody-else" }));
        Assert.False(EventChain.IsIntact(A.Id, EventChain.Empty, entry with { At = entry.At.AddMilliseconds(1) }));
        Assert.False(EventChain.IsIntact(A.Id, EventChain.Empty, entry with { Reason = string.Empty }));
        Assert.False(EventChain.IsIntact(A.Id, EventChain.Empty, entry with { Number = 2 }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-72)]
    public void What_is_recorded_after_the_clock_was_set_back_keeps_its_place_in_time(int hours)
    {
        var created = Created();
        var recordedAt = created.Events[^1].RecordedAt;

        var decision = CheckInRules.Accept(created.Device, A.CheckIn(), A.Assignment(), recordedAt.AddHours(hours));

        Assert.NotEmpty(decision.Events);
        Assert.All(decision.Events, entry => Assert.Equal(recordedAt, entry.RecordedAt));
    }

    private static Decision Created() => Enrollment.DeviceRules.Create(
        A.Id,
        new Enrollment.NewDevice(A.Token, "key:admin", null, null, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, null),
        A.Now.AddHours(-1));
}
