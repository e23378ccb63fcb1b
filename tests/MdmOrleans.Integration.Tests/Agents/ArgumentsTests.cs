using MdmOrleans.Agent.Verbs;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class ArgumentsTests
{
    private static readonly string[] Known = ["endpoint", "tenant", "token-file", "seconds", "mqtt311"];

    [Fact]
    public void The_command_line_goes_before_the_environment()
    {
        var arguments = Arguments.Parse(["--tenant", "acme"], Known, name => name == "MDM_TENANT" ? "other" : name == "MDM_ENDPOINT" ? "mqtt://host" : null);

        Assert.Equal(("acme", "mqtt://host"), (arguments.Get("tenant"), arguments.Get("endpoint")));
    }

    [Theory]
    [InlineData("--token", "x")]
    [InlineData("--token=x", null)]
    [InlineData("--admin-key", "x")]
    public void A_secret_on_the_command_line_is_refused(string option, string? value)
    {
        var refusal = Assert.Throws<UsageException>(() => Arguments.Parse(value is null ? [option] : [option, value], Known, _ => null));

        Assert.Contains("-file or MDM_", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense", "x")]
    [InlineData("tenant", "x")]
    [InlineData("--tenant", null)]
    public void What_is_not_an_option_is_refused(string option, string? value)
    {
        Assert.Throws<UsageException>(() => Arguments.Parse(value is null ? [option] : [option, value], Known, _ => null));
    }

    [Fact]
    public void A_secret_comes_from_the_environment_or_from_a_file()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "from-file\n");

        Assert.Equal("from-file", Arguments.Parse(["--token-file", file], Known, _ => "from-environment").GetSecret("token"));
        Assert.Equal("from-environment", Arguments.Parse([], Known, name => name == "MDM_TOKEN" ? "from-environment" : null).GetSecret("token"));
        Assert.Throws<UsageException>(() => Arguments.Parse([], Known, _ => null).GetSecret("token"));
        File.Delete(file);
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("many")]
    [InlineData("NaN")]
    public void A_number_that_is_out_of_range_is_refused(string text)
    {
        var arguments = Arguments.Parse(["--seconds", text], Known, _ => null);

        Assert.Throws<UsageException>(() => arguments.GetNumber("seconds", 1, atLeast: 1));
    }

    [Theory]
    [InlineData("http://host")]
    [InlineData("host:1883")]
    public void An_endpoint_that_is_none_is_refused(string text)
    {
        var arguments = Arguments.Parse(["--endpoint", text], Known, _ => null);

        Assert.Throws<UsageException>(() => arguments.GetUri("endpoint", "mqtt", "mqtts"));
    }
}
