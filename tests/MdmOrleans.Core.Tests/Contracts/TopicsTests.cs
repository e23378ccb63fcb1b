using MdmOrleans.Contracts;

namespace MdmOrleans.Core.Tests.Contracts;

public sealed class TopicsTests
{
    private static readonly string Root = Topics.Root("acme", "tablet-7");

    [Theory]
    [InlineData("mdm/v1/acme/tablet-7/up/checkin", TopicKind.CheckInUp, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/command/0193-a", TopicKind.CommandUp, "0193-a")]
    [InlineData("mdm/v1/acme/tablet-7/up/event/batteryLow", TopicKind.EventUp, "batteryLow")]
    [InlineData("mdm/v1/acme/tablet-7/up/will", TopicKind.Will, "")]
    [InlineData("mdm/v1/acme/tablet-7/dn/checkin", TopicKind.CheckInDown, "")]
    [InlineData("mdm/v1/acme/tablet-7/dn/command/0193-a", TopicKind.CommandDown, "0193-a")]
    [InlineData("mdm/v1/acme/tablet-7/dn/error", TopicKind.Error, "")]
    [InlineData("mdm/v1/acme/tablet-7/dn/control", TopicKind.Control, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/checkin/", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/command", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/command/", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/command/a/b", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/up/event/BatteryLow", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/UP/checkin", TopicKind.None, "")]
    [InlineData("mdm/v1/acme/tablet-7/", TopicKind.None, "")]
    public void A_topic_below_a_device_says_what_it_is_for(string topic, TopicKind kind, string argument)
    {
        Assert.True(Topics.TryParse(topic, out var parsed));

        Assert.Equal("acme", parsed.Tenant);
        Assert.Equal("tablet-7", parsed.Device);
        Assert.Equal(kind, parsed.Kind);
        Assert.Equal(kind == TopicKind.None ? "" : argument, kind == TopicKind.None ? "" : parsed.Argument);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mdm/v1/")]
    [InlineData("mdm/v1/acme")]
    [InlineData("mdm/v1/acme/tablet-7")]
    [InlineData("mdm/v1//tablet-7/up/checkin")]
    [InlineData("mdm/v1/acme//up/checkin")]
    [InlineData("/mdm/v1/acme/tablet-7/up/checkin")]
    [InlineData("MDM/v1/acme/tablet-7/up/checkin")]
    [InlineData("mdm/v2/acme/tablet-7/up/checkin")]
    [InlineData("$share/group/mdm/v1/acme/tablet-7/dn/checkin")]
    public void A_topic_that_is_not_below_a_device_is_not_parsed(string topic)
    {
        Assert.False(Topics.TryParse(topic, out _));
    }

    [Fact]
    public void Every_topic_that_is_built_is_parsed_as_what_it_was_built_for()
    {
        (string Topic, TopicKind Kind)[] built =
        [
            (Topics.CheckInUp(Root), TopicKind.CheckInUp), (Topics.CommandUp(Root, "c1"), TopicKind.CommandUp),
            (Topics.EventUp(Root, "boot"), TopicKind.EventUp), (Topics.Will(Root), TopicKind.Will),
            (Topics.CheckInDown(Root), TopicKind.CheckInDown), (Topics.CommandDown(Root, "c1"), TopicKind.CommandDown),
            (Topics.Error(Root), TopicKind.Error), (Topics.Control(Root), TopicKind.Control),
        ];

        Assert.All(built, b => Assert.Equal(b.Kind, Topics.TryParse(b.Topic, out var parsed) ? parsed.Kind : TopicKind.None));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void A_type_of_event_is_at_most_64_long(int length, bool valid)
    {
        Assert.Equal(valid, Topics.IsEventType(new string('a', length)));
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        const string Topic = "mdm/v1/acme/tablet-7/up/command/0193-a";
        var warm = Topics.TryParse(Topic, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = Topics.TryParse(Topic, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(warm && parsed);
        Assert.Equal(0, allocated);
    }
}
