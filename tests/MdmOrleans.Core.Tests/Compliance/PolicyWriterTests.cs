using System.Text.Json;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyWriterTests
{
    [Fact]
    public void What_is_written_is_read_back_as_the_same()
    {
        var written = PolicyWriter.Write(Given.APolicy(PolicyReaderTests.Example));

        Assert.Equal(written, PolicyWriter.Write(Given.APolicy(written.ToString())));
    }

    [Fact]
    public void The_example_of_the_interface_is_written_as_it_stands_there()
    {
        var written = PolicyWriter.Write(Given.APolicy(PolicyReaderTests.Example));

        using var expected = JsonDocument.Parse(PolicyReaderTests.Example);
        using var actual = JsonDocument.Parse(written.Memory);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), written.ToString());
    }

    [Theory]
    [InlineData(""" "name": "x", "rules": [] """, """ "rules": [], "name": "x" """)]
    [InlineData(""" "name": "x", "rules": [] """, """ "name": "\u0078", "rules": [], "graceHours": 48.0, "checkInSeconds": 900, "onRetire": "retire", "onNoncompliance": [] """)]
    [InlineData(""" "name": "x", "rules": [], "platforms": ["ios", "android"] """, """ "name": "x", "rules": [], "platforms": ["android", "ios"] """)]
    [InlineData(""" "name": "x", "rules": [], "graceHours": 0.5 """, """ "name": "x", "rules": [], "graceHours": 5e-1 """)]
    [InlineData(
        """ "name": "x", "rules": [{ "id": "r", "kind": "attribute", "path": "/model", "operator": "equals", "value": 1 }] """,
        """ "name": "x", "rules": [{ "severity": "required", "value": 1.00, "operator": "equals", "path": "/model", "kind": "attribute", "id": "r" }] """)]
    [InlineData(
        """ "name": "x", "rules": [], "onNoncompliance": [{ "afterHours": 0, "action": "command", "command": { "kind": "custom", "parameters": {"a":[1,2]} } }] """,
        """ "name": "x", "rules": [], "onNoncompliance": [{ "afterHours": 0, "action": "command", "command": { "kind": "custom", "parameters": { "a": [ 1, 2 ] } } }] """)]
    [InlineData(
        """ "name": "x", "rules": [], "patchWindow": { "day": "monday", "start": "02:00", "hours": 2 } """,
        """ "name": "x", "rules": [], "patchWindow": { "day": "monday", "start": "02:00", "hours": 2, "timeZone": "device" } """)]
    public void Two_policies_that_say_the_same_are_the_same_bytes(string one, string other) => Assert.Equal(Written(one), Written(other));

    [Theory]
    [InlineData(""" "name": "x", "rules": [] """, """ "name": "X", "rules": [] """)]
    [InlineData(""" "name": "x", "rules": [] """, """ "name": "x", "rules": [], "graceHours": 47.9999 """)]
    [InlineData(
        """ "name": "x", "rules": [{ "id": "a", "kind": "encryption" }, { "id": "b", "kind": "passcode" }] """,
        """ "name": "x", "rules": [{ "id": "b", "kind": "passcode" }, { "id": "a", "kind": "encryption" }] """)]
    public void Two_policies_that_say_something_else_are_not(string one, string other) => Assert.NotEqual(Written(one), Written(other));

    [Fact]
    public void Text_is_written_as_it_is_read()
    {
        var written = Written(""" "name": "Grüße <b> 微信", "rules": [] """);

        Assert.StartsWith("""{"name":"Grüße <b> 微信",""", written.ToString(), StringComparison.Ordinal);
    }

    private static Utf8Block Written(string members) => PolicyWriter.Write(Given.APolicy($$"""{ {{members}} }"""));
}
