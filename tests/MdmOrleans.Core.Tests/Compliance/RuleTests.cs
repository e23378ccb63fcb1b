namespace MdmOrleans.Core.Tests.Compliance;

public sealed class RuleTests
{
    [Fact]
    public void A_device_that_is_as_it_should_be_has_no_findings()
    {
        var posture = Given.APosture() with { Apps = Utf8Block.FromText("""[{"id":"com.microsoft.teams","version":"1.0"}]""") };

        var result = Given.APolicy(PolicyReaderTests.Example).Evaluate(Given.FactsOf(posture));

        Assert.Empty(result.Findings);
    }
}
