using System.Text;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("a/#", true)]
    [InlineData("#", true)]
    [InlineData("+/+", true)]
    [InlineData("a//b", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a#", false)]
    [InlineData("a+/b", false)]
    [InlineData("a/+b", false)]
    public void A_wildcard_in_a_filter_is_a_whole_level(string filter, bool valid) =>
        Assert.Equal(valid, TopicName.FindFilterMistake(Encoding.UTF8.GetBytes(filter)) is null);

    [Theory]
    [InlineData("dn/#", "dn/checkin", true)]
    [InlineData("dn/#", "dn", true)]
    [InlineData("dn/#", "dna", false)]
    [InlineData("dn/+", "dn/checkin", true)]
    [InlineData("dn/+", "dn/command/1", false)]
    [InlineData("dn/command/+", "dn/command/1", true)]
    [InlineData("dn/+/1", "dn/command/1", true)]
    [InlineData("dn/checkin", "dn/checkin", true)]
    [InlineData("dn/checkin", "dn/checkins", false)]
    [InlineData("dn/checkin/", "dn/checkin", false)]
    [InlineData("+", "dn/checkin", false)]
    public void A_filter_takes_what_the_standard_says(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicName.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));
}
