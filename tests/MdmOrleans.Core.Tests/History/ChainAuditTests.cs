using System.Collections.Immutable;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Tests.History;

public sealed class ChainAuditTests
{
    private static readonly ImmutableArray<DeviceEvent> Events = History();

    [Fact]
    public void A_whole_chain_is_proved_to_its_end()
    {
        var audit = Audit(Events);

        Assert.Null(audit.Fault);
        Assert.Equal(Events[^1].Number, audit.End.Number);
    }

    [Fact]
    public void A_chain_whose_beginning_was_pruned_is_proved_from_its_anchor()
    {
        var audit = Audit(Events[2..], Events[1]);

        Assert.Null(audit.Fault);
    }

    [Fact]
    public void A_changed_event_is_found_at_its_number()
    {
        var audit = Audit(Events.SetItem(1, Events[1] with { Actor = "key:somebody-else" }));

        Assert.Equal((ChainFault.Altered, 1L), (audit.Fault!.Value, audit.End.Number));
    }

    [Fact]
    public void An_event_that_was_taken_out_is_missed()
    {
        Assert.Equal(ChainFault.Missing, Audit(Events.RemoveAt(1)).Fault);
        Assert.Equal(ChainFault.Missing, Audit(Events.RemoveAt(0)).Fault);
    }

    [Fact]
    public void Events_that_were_cut_off_at_the_end_are_missed()
    {
        Assert.Equal(ChainFault.Truncated, Audit(Events[..^1]).Fault);
        Assert.Equal(ChainFault.Truncated, Audit([]).Fault);
    }

    [Fact]
    public void A_chain_that_was_written_anew_does_not_end_where_the_twin_does()
    {
        var last = EventChain.Seal(A.Id, new EventChain(Events[^2].Number, Events[^2].Hash), Events[^1] with { Actor = "key:somebody-else" });

        Assert.Equal(ChainFault.Altered, Audit(Events.SetItem(Events.Length - 1, last)).Fault);
    }

    [Fact]
    public void What_was_appended_after_the_twin_was_read_is_no_fault()
    {
        var audit = new ChainAudit(A.Id, null, new EventChain(Events[1].Number, Events[1].Hash));

        Assert.True(Events.All(audit.Add));
        audit.Complete();

        Assert.Null(audit.Fault);
    }

    private static ChainAudit Audit(ImmutableArray<DeviceEvent> events, DeviceEvent? anchor = null)
    {
        var audit = new ChainAudit(A.Id, anchor, new EventChain(Events[^1].Number, Events[^1].Hash));
        if (events.All(audit.Add))
        {
            audit.Complete();
        }

        return audit;
    }

    private static ImmutableArray<DeviceEvent> History()
    {
        var created = A.Created();
        return [.. created.Events, .. CheckInRules.Accept(created.Device, A.CheckIn(), A.Assignment(), A.Now).Events];
    }
}
