using System.Text;
using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Gateway.CheckIns;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Integration.Tests.Documents;

/// <summary>The page from which somebody writes an agent is true.</summary>
public sealed class ProtocolDocumentTests
{
    private static readonly string Text = Readme.Text("src", "MdmOrleans.Contracts", "README.md");

    [Fact]
    public void The_check_in_of_the_page_is_one_that_the_gateway_takes()
    {
        var example = Encoding.UTF8.GetBytes(Readme.Blocks(Readme.Section(Text, "Check-in"), "json").Single());

        Assert.Null(CheckInReader.Read(example, default, 1).Problem);
    }

    [Fact]
    public void The_verdict_and_the_report_of_the_page_are_ones_that_an_agent_reads()
    {
        var verdict = JsonSerializer.Deserialize(Readme.Blocks(Readme.Section(Text, "Verdict"), "json").Single(), ContractsJson.Default.CheckInAnswer);
        var report = JsonSerializer.Deserialize(Readme.Blocks(Readme.Section(Text, "Commands"), "json").Single(), ContractsJson.Default.CommandReport);

        Assert.Equal(("inGracePeriod", "lock"), (verdict!.Compliance, Assert.Single(verdict.Commands).Kind));
        Assert.Equal("failed", report!.Status);
    }

    [Fact]
    public void The_page_names_every_word_of_the_protocol()
    {
        var words = typeof(Topics).Assembly.GetTypes()
            .Where(type => type.Name is "PlatformNames" or "EncryptionStatusNames" or "CommandKindNames" or "ReportStatusNames" or "AccessNames" or "ControlActionNames")
            .SelectMany(type => type.GetFields())
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!) // every one is a text
            .ToArray();

        Assert.True(words.Length > 35, "The words are looked for in the wrong place.");
        Assert.All(words, word => Assert.Matches($"[`\"]{word}[`\"]", Text));
    }

    [Fact]
    public void Every_reason_code_of_the_page_exists()
    {
        var codes = System.Text.RegularExpressions.Regex.Matches(Readme.Section(Text, "Refusals"), "0x([0-9A-F]{2})")
            .Select(match => Convert.ToInt32(match.Groups[1].Value, 16));

        Assert.All(codes, code => Assert.True(Enum.IsDefined((ReasonCode)code), $"0x{code:X2}"));
    }
}
