using System.Text.Json;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Commands;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class CommandTests : IDisposable
{
    private readonly ScriptedTwin _twin = new();
    private readonly string _journal = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        _twin.Dispose();
        File.Delete(_journal);
    }

    [Fact]
    public async Task A_command_runs_once_however_often_it_comes()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync(commands: [ACommand("c1"), ACommand("c1")]);
        await PushAsync(connection, ACommand("c1"));
        Assert.Equal(ReportStatusNames.Succeeded, (await connection.ReceiveFinalReportAsync()).Status);

        await PushAsync(connection, ACommand("c1"));

        Assert.Equal(ReportStatusNames.Succeeded, (await connection.ReceiveFinalReportAsync()).Status);
        Assert.Equal(["c1"], device.Ran);
    }

    [Fact]
    public async Task Commands_run_in_the_order_in_which_they_came()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();

        await connection.AnswerCheckInAsync(commands: [ACommand("c1"), ACommand("c2"), ACommand("c3")]);
        await connection.ReceiveFinalReportAsync();
        await connection.ReceiveFinalReportAsync();
        await connection.ReceiveFinalReportAsync();

        Assert.Equal(["c1", "c2", "c3"], device.Ran);
    }

    [Fact]
    public async Task A_lock_does_not_wait_for_a_slow_command()
    {
        var update = new TaskCompletionSource<CommandOutcome>();
        await using var device = new ADevice(_twin.Endpoint);
        device.Handler = (command, _) => command.Kind == CommandKindNames.UpdateOs ? update.Task : Task.FromResult(CommandOutcome.Succeeded());
        using var connection = await _twin.AcceptAndGreetAsync();

        await connection.AnswerCheckInAsync(commands: [ACommand("slow", CommandKindNames.UpdateOs), ACommand("lock", CommandKindNames.Lock)]);
        var final = await connection.ReceiveFinalReportAsync();
        update.SetResult(CommandOutcome.Failed("noDisk"));

        Assert.Equal(ReportStatusNames.Succeeded, final.Status);
        Assert.Equal((ReportStatusNames.Failed, "noDisk"), Of(await connection.ReceiveFinalReportAsync()));
    }

    [Fact]
    public async Task A_report_is_repeated_until_it_is_acknowledged()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using (var lost = await _twin.AcceptAndGreetAsync())
        {
            await lost.AnswerCheckInAsync(commands: ACommand("c1"));
            await lost.ReceiveReportAsync();
        }

        using var again = await _twin.AcceptAndGreetAsync();
        var (refused, _) = await again.ReceiveReportAsync();
        await again.AcknowledgeAsync(refused, MqttPubAckReasonCode.UnspecifiedError);

        Assert.Equal(ReportStatusNames.Succeeded, (await again.ReceiveFinalReportAsync()).Status);
    }

    [Fact]
    public async Task A_command_that_ended_before_a_restart_is_reported_and_not_run_again()
    {
        var device = new ADevice(_twin.Endpoint, journal: _journal);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync(commands: ACommand("c1"));
        while ((await connection.ReceiveReportAsync()) is var (packet, report) && report.Status != ReportStatusNames.Succeeded)
        {
            await connection.AcknowledgeAsync(packet);
        }

        await device.DisposeAsync();
        await using var restarted = new ADevice(_twin.Endpoint, journal: _journal);
        using var next = await _twin.AcceptAndGreetAsync();

        Assert.Equal(ReportStatusNames.Succeeded, (await next.ReceiveFinalReportAsync()).Status);
        Assert.Empty(restarted.Ran);
    }

    [Fact]
    public async Task A_command_that_a_restart_cut_off_is_reported_as_failed_and_not_run_again()
    {
        var running = new TaskCompletionSource();
        var device = new ADevice(_twin.Endpoint, journal: _journal)
        {
            Handler = async (_, stop) =>
            {
                running.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return CommandOutcome.Succeeded();
            },
        };
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync(commands: ACommand("c1"));
        await running.Task.Soon();

        await device.DisposeAsync();
        await using var restarted = new ADevice(_twin.Endpoint, journal: _journal);
        using var next = await _twin.AcceptAndGreetAsync();

        Assert.Equal((ReportStatusNames.Failed, "interrupted"), Of(await next.ReceiveFinalReportAsync()));
        Assert.Empty(restarted.Ran);
    }

    [Fact]
    public async Task A_command_that_could_not_run_now_runs_when_it_comes_again()
    {
        await using var device = new ADevice(_twin.Endpoint, journal: _journal);
        device.Handler = (_, _) => Task.FromResult(device.Ran.Count == 1 ? CommandOutcome.NotNow("battery") : CommandOutcome.Succeeded());
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync(commands: ACommand("c1"));
        Assert.Equal((ReportStatusNames.NotNow, null), Of(await connection.ReceiveFinalReportAsync()));

        await PushAsync(connection, ACommand("c1"));

        Assert.Equal(ReportStatusNames.Succeeded, (await connection.ReceiveFinalReportAsync()).Status);
        Assert.Equal(["c1", "c1"], device.Ran);
    }

    [Fact]
    public async Task A_command_that_has_expired_by_the_servers_clock_is_not_run()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();

        await connection.AnswerCheckInAsync(
            commands: [ACommand("late") with { ExpiresAt = AnAnswer.ServerTime }, ACommand("early") with { ExpiresAt = AnAnswer.ServerTime.AddHours(1) }]);
        await connection.ReceiveFinalReportAsync();

        Assert.Equal(["early"], device.Ran);
    }

    [Fact]
    public async Task A_handler_that_breaks_has_failed_and_the_next_command_runs()
    {
        await using var device = new ADevice(_twin.Endpoint);
        device.Handler = (command, _) => command.Id == "c1" ? throw new InvalidOperationException("boom") : Task.FromResult(CommandOutcome.Succeeded());
        using var connection = await _twin.AcceptAndGreetAsync();

        await connection.AnswerCheckInAsync(commands: [ACommand("c1"), ACommand("c2")]);

        Assert.Equal((ReportStatusNames.Failed, "handlerFailed"), Of(await connection.ReceiveFinalReportAsync()));
        Assert.Equal(ReportStatusNames.Succeeded, (await connection.ReceiveFinalReportAsync()).Status);
    }

    [Fact]
    public void What_exceeds_the_limits_of_a_report_is_cut()
    {
        var tooLarge = CommandOutcome.Succeeded(JsonElement.Parse($$"""{ "log": "{{new string('x', CommandReport.LargestResult)}}" }""")).Report;
        var tooLong = CommandOutcome.Failed(new string('c', 200), new string('d', 5000)).Report;

        Assert.Equal((ReportStatusNames.Succeeded, null), (tooLarge.Status, tooLarge.Result));
        Assert.Contains("result", tooLarge.Detail, StringComparison.Ordinal);
        Assert.Equal((CommandReport.LongestCode, CommandReport.LongestDetail), (tooLong.Code!.Length, tooLong.Detail!.Length));
    }

    private static DeliveredCommand ACommand(string id, string kind = CommandKindNames.Message) => new(id, kind, JsonElement.Parse("{}"));

    private static (string Status, string? Code) Of(CommandReport report) => (report.Status, report.Code);

    private static Task PushAsync(TwinConnection connection, DeliveredCommand command) =>
        connection.PublishAsync($"dn/command/{command.Id}", command, ContractsJson.Default.DeliveredCommand);
}
