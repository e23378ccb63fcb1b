using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.Identity;

public sealed class SecondPersonTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Theory]
    [InlineData("alice", "bob")] // the administrator key made both
    [InlineData("bob", "alice")]
    [InlineData("admin", "bob")] // and may be one of the two itself
    [InlineData("alice", "admin")]
    [InlineData("admin", "bobs-robot")]
    [InlineData("alices-robot", "bobs-robot")]
    public void Two_keys_are_two_people_when_they_come_from_different_keys_of_the_administrator(string asker, string approver) =>
        Assert.Null(Judge(asker, approver));

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("admin", "admin")]
    [InlineData("alice", "alices-robot")]
    [InlineData("alices-robot", "alice")]
    [InlineData("alices-robot", "alices-other-robot")]
    [InlineData("alice", "robots-robot")] // made through another key is made all the same
    [InlineData("alices-other-robot", "robots-robot")]
    public void Keys_that_one_key_made_are_one_person(string asker, string approver) =>
        Assert.Equal("hold_own", Judge(asker, approver)?.Code);

    [Fact]
    public void A_key_of_unknown_origin_is_a_second_person_to_the_administrator_key_only()
    {
        Assert.Equal("hold_own", Judge("alice", "old")?.Code);
        Assert.Equal("hold_own", Judge("old", "alice")?.Code);
        Assert.Null(Judge("admin", "old"));
        Assert.Null(Judge("old", "admin"));
    }

    [Theory]
    [InlineData("webhook:itsm")]
    [InlineData("rule:governor")]
    [InlineData("key:nobody")]
    public void What_nobody_is_known_to_have_asked_for_has_no_second_person(string askedBy) =>
        Assert.Equal(ProblemCatalog.HoldAskerUnknown, SecondPersonRules.Judge(Keys(), "bob", askedBy, Day, A.Now));

    [Theory]
    [InlineData("alice", "young")]
    [InlineData("young", "alice")]
    public void Both_keys_are_a_day_old_to_the_millisecond(string asker, string approver)
    {
        var old = A.Now.AddHours(-1) + Day;

        var early = SecondPersonRules.Judge(Keys(), approver, Actors.Key(asker), Day, old.AddMilliseconds(-1));

        Assert.Equal(("key_too_young", old), (early?.Code, early?.NotBefore));
        Assert.Contains("'young'", early!.Detail, StringComparison.Ordinal);
        Assert.Null(SecondPersonRules.Judge(Keys(), approver, Actors.Key(asker), Day, old));
        Assert.Null(SecondPersonRules.Judge(Keys(), approver, Actors.Key(asker), TimeSpan.Zero, A.Now));
    }

    private static Problem? Judge(string asker, string approver) =>
        SecondPersonRules.Judge(Keys(), approver, Actors.Key(asker), Day, A.Now);

    private static Dictionary<string, KeyOrigin> Keys() => new[]
    {
        Key("admin", null),
        Key("alice", "admin"),
        Key("alices-robot", "alice"),
        Key("alices-other-robot", "alice"),
        Key("robots-robot", "alices-robot"),
        Key("bob", "admin"),
        Key("bobs-robot", "bob"),
        Key("old", null),
        Key("young", "admin", hours: 1),
    }.ToDictionary(key => key.Name);

    private static KeyOrigin Key(string name, string? madeBy, double hours = 30) => new(name, null, madeBy, A.Now.AddHours(-hours));
}
