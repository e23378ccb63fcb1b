using System.Text;
using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.CheckIns;
using Finding = MdmOrleans.Core.Compliance.Finding;

namespace MdmOrleans.Integration.Tests.Gateway.Payloads;

public sealed class VerdictWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void A_verdict_reads_as_the_contract_says()
    {
        var verdict = FakeTwin.AVerdict(FakeTwin.ACommand()) with
        {
            Findings = [AFinding("Update to 16.5 or later.")],
            GraceEndsAt = Now.AddHours(48),
            Policy = new PolicyVersion("baseline", 3),
            ServerTime = Now,
        };

        var answer = JsonSerializer.Deserialize(Write(verdict, 65_536, out _), ContractsJson.Default.CheckInAnswer)!;

        Assert.Equal(("r1", "Active", "compliant", "allow"), (answer.Rid, answer.Lifecycle, answer.Compliance, answer.Access));
        Assert.Equal(("os-minimum", "noncompliant", "required", ">= 16.5"),
            (answer.Findings[0].Rule, answer.Findings[0].Status, answer.Findings[0].Severity, answer.Findings[0].Expected));
        Assert.Equal((Now.AddHours(48), "baseline", 3), (answer.GraceEndsAt, answer.Policy!.Id, answer.Policy.Version));
        Assert.Equal(("lock", Now), (answer.Commands[0].Kind, answer.ServerTime));
    }

    [Fact]
    public void Commands_that_do_not_fit_are_left_out_from_the_end()
    {
        var verdict = FakeTwin.AVerdict(FakeTwin.ACommand(10_000), FakeTwin.ACommand(10_000), FakeTwin.ACommand(10_000));

        var json = Write(verdict, 25_000, out var commands);

        Assert.Equal(2, commands);
        Assert.InRange(json.Length, 20_000, 25_000);
    }

    [Fact]
    public void Findings_give_way_where_the_verdict_alone_is_too_large()
    {
        var verdict = FakeTwin.AVerdict() with { Findings = [.. Enumerable.Repeat(AFinding(new string('x', 1000)), 100)] };

        var json = Write(verdict, 65_000, out _);

        Assert.InRange(JsonSerializer.Deserialize(json, ContractsJson.Default.CheckInAnswer)!.Findings.Count, 25, 60);
    }

    private static string Write(Verdict verdict, int limit, out int commands)
    {
        var output = new ScratchBuffer();
        commands = verdict.Commands.Length;
        Assert.True(VerdictWriter.TryWrite(output, verdict, "r1", limit, ref commands));
        return Encoding.UTF8.GetString(output.Written);
    }

    private static Finding AFinding(string remediation) => new()
    {
        Rule = "os-minimum",
        Status = RuleStatus.Noncompliant,
        Severity = Severity.Required,
        Expected = ">= 16.5",
        Actual = "16.4",
        ReportedAt = Now,
        Since = Now,
        Remediation = remediation,
    };
}
