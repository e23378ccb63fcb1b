using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.History;

/// <summary>The hashes here were computed apart from this code: a chain that was stored once verifies for ever.</summary>
public sealed class HashVersionTests
{
    private static readonly DeviceEvent Created = AnEvent(1, "08c7a267fbac593f54391e9c6b6e5a38804631693328d252e72b0ade4c9e0c5f") with
    {
        Kind = EventKinds.DeviceCreated,
        Actor = "key:admin",
        To = "Provisioned",
    };

    private static readonly DeviceEvent Quarantined = AnEvent(2, "135fa588d9b9c6bc761f3e70f27a214e9b0b3b52138aa8aa6f7890e0766bc8ca") with
    {
        Actor = "rule:grace",
        Reason = "noncompliant",
        From = "Active",
        To = "Quarantined",
        Policy = new PolicyVersion("baseline", 3),
        Detail = Utf8Block.FromText("""{"a":1}"""),
    };

    private static readonly DeviceEvent Released = AnEvent(3, "ece15dc65a8985795d552172a3837cea1a2e5bee5070054b3087996fb3503fd8") with
    {
        Actor = "key:admin",
        Reason = "found",
        From = "Quarantined",
        To = "Active",
        HashVersion = EventChain.WithDevice,
    };

    [Fact]
    public void A_chain_that_goes_from_version_1_to_version_2_is_proved_to_its_end()
    {
        var audit = Audit(A.Id, Created, Quarantined, Released);

        Assert.Equal((null, 3L), (audit.Fault, audit.End.Number));
    }

    [Fact]
    public void A_new_event_is_sealed_in_version_2_as_other_programs_compute_it()
    {
        var sealed2 = EventChain.Seal(A.Id, EndOf(Quarantined), Released with { Hash = default, HashVersion = EventChain.WithoutDevice });

        Assert.Equal((EventChain.WithDevice, Convert.ToHexStringLower(Released.Hash.Span)), (sealed2.HashVersion, Convert.ToHexStringLower(sealed2.Hash.Span)));
    }

    [Fact]
    public void An_event_of_version_2_is_no_event_of_another_device()
    {
        var other = DeviceId.Parse("acme/tablet-8");

        Assert.Equal(ChainFault.Altered, Audit(other, Created, Quarantined, Released).Fault);
        Assert.Null(Audit(other, Created, Quarantined).Fault); // version 1 did not tell them apart
    }

    [Fact]
    public void A_chain_never_goes_back_to_version_1()
    {
        var audit = new ChainAudit(A.Id, Created with { HashVersion = EventChain.WithDevice }, EndOf(Quarantined));

        Assert.False(audit.Add(Quarantined)); // sealed right, but in the version of before
        Assert.Equal(ChainFault.Altered, audit.Fault);
    }

    [Fact]
    public void A_version_that_does_not_exist_proves_nothing()
    {
        Assert.Equal(ChainFault.Altered, Audit(A.Id, Created with { HashVersion = 3 }).Fault);
    }

    private static ChainAudit Audit(DeviceId device, params DeviceEvent[] events)
    {
        var audit = new ChainAudit(device, null, EndOf(events[^1]));
        _ = events.All(audit.Add);
        return audit;
    }

    private static EventChain EndOf(DeviceEvent entry) => new(entry.Number, entry.Hash);

    private static DeviceEvent AnEvent(long number, string hash) => new()
    {
        Number = number,
        At = A.Now,
        RecordedAt = A.Now,
        Kind = EventKinds.LifecycleChanged,
        Actor = "key:admin",
        Epoch = 1,
        Detail = Utf8Block.FromText("{}"),
        Hash = Convert.FromHexString(hash),
    };
}
