using System.Runtime.Versioning;
using System.Text.Json;
using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Contracts.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace MdmOrleans.Integration.Tests.Agents;

[SupportedOSPlatform("linux")]
public sealed class HookCommandsTests : IDisposable
{
    private readonly DirectoryInfo _hooks = Directory.CreateTempSubdirectory("mdm-hooks-");

    public void Dispose() => _hooks.Delete(recursive: true);

    [Theory]
    [InlineData("echo '{ \"at\": 1 }'", ReportStatusNames.Succeeded, null, """{ "at": 1 }""", null)]
    [InlineData("echo done", ReportStatusNames.Succeeded, null, null, null)]
    [InlineData("echo '[1]'", ReportStatusNames.Succeeded, null, null, null)]
    [InlineData("echo 'on battery' >&2; exit 75", ReportStatusNames.NotNow, null, null, "on battery")]
    [InlineData("echo 'never' >&2; exit 77", ReportStatusNames.Rejected, "hookRejected", null, "never")]
    [InlineData("echo '{}'; echo 'disk full' >&2; exit 3", ReportStatusNames.Failed, "exit3", null, "disk full")]
    [InlineData("kill -9 $$", ReportStatusNames.Failed, "exit137", null, null)]
    public async Task The_exit_code_of_a_hook_decides(string script, string status, string? code, string? result, string? detail)
    {
        AHook("lock", script);

        var report = await RunAsync("lock");

        Assert.Equal((status, code, detail), (report.Status, report.Code, report.Detail));
        Assert.Equal(result, report.Result?.GetRawText());
    }

    [Fact]
    public async Task A_hook_gets_the_command_and_no_secrets()
    {
        Environment.SetEnvironmentVariable("MDM_TOKEN_OF_A_TEST", "s3cret");
        AHook("lock", """printf '{ "id": "%s", "kind": "%s", "expires": "%s", "who": "%s:%s", "in": %s, "token": "%s" }' """
            + "\"$MDM_COMMAND_ID\" \"$MDM_COMMAND_KIND\" \"$MDM_COMMAND_EXPIRES_AT\" \"$MDM_TENANT\" \"$MDM_DEVICE\" \"$(cat)\" \"$MDM_TOKEN_OF_A_TEST\"");

        var result = (await RunAsync("lock", """{ "pin": "1234" }""")).Result!.Value;

        Assert.Equal(("c1", "lock", "acme:tablet-7", ""), (Text("id"), Text("kind"), Text("who"), Text("token")));
        Assert.StartsWith("2026-11-24T03:00:00", Text("expires"), StringComparison.Ordinal);
        Assert.Equal("1234", result.GetProperty("in").GetProperty("parameters").GetProperty("pin").GetString());

        string? Text(string name) => result.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("wipe")]
    [InlineData("")]
    [InlineData("../lock")]
    [InlineData("/bin/true")]
    public async Task A_command_without_a_hook_is_rejected(string kind)
    {
        AHook("lock", "exit 0");

        var report = await RunAsync(kind);

        Assert.Equal((ReportStatusNames.Rejected, "notSupported"), (report.Status, report.Code));
    }

    [Fact]
    public async Task A_file_that_is_not_executable_is_no_hook()
    {
        File.WriteAllText(Path.Combine(_hooks.FullName, "lock"), "#!/bin/sh\n");

        Assert.Equal("notSupported", (await RunAsync("lock")).Code);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task A_hook_that_somebody_else_may_write_to_is_not_run(UnixFileMode mode)
    {
        var hook = AHook("lock", "exit 0");
        File.SetUnixFileMode(hook, File.GetUnixFileMode(hook) | mode);

        Assert.Equal("hookUnsafe", (await RunAsync("lock")).Code);
    }

    [Fact]
    public async Task A_hook_in_a_directory_that_somebody_else_may_write_to_is_not_run()
    {
        AHook("lock", "exit 0");
        _hooks.UnixFileMode |= UnixFileMode.GroupWrite;

        Assert.Equal("hookUnsafe", (await RunAsync("lock")).Code);
    }

    [Fact]
    public async Task A_link_to_a_program_that_somebody_else_may_write_to_is_not_run()
    {
        using var elsewhere = new HookCommandsTests();
        var program = elsewhere.AHook("program", "exit 0");
        File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.OtherWrite);
        File.CreateSymbolicLink(Path.Combine(_hooks.FullName, "lock"), program);

        Assert.Equal("hookUnsafe", (await RunAsync("lock")).Code);
    }

    [Theory]
    [InlineData(1001, 0x1ED, 1000, "belongs to another user")]
    [InlineData(1000, 0x1ED, 1000, null)]
    [InlineData(0, 0x1ED, 1000, null)]
    [InlineData(1000, 0x1FD, 1000, "may write")]
    [InlineData(0, 0x1EF, 1000, "may write")]
    public void A_hook_belongs_to_the_agents_user_or_to_root_and_only_the_owner_writes(uint owner, int mode, uint user, string? flaw)
    {
        var found = FileTrust.FlawOf("/hooks/lock", owner, mode, user);

        Assert.Equal(flaw is null, found is null);
        Assert.Contains(flaw ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_cannot_be_started_has_failed()
    {
        AHook("lock", "", interpreter: "/no/such/interpreter");

        Assert.Equal("hookNotStarted", (await RunAsync("lock")).Code);
    }

    [Fact]
    public async Task A_hook_that_runs_too_long_is_killed_with_its_children()
    {
        var marker = Path.Combine(_hooks.FullName, "pid");
        AHook("lock", $"sleep 600 & echo $! > {marker}; wait");

        var report = await RunAsync(
            "lock", new HookOptions { Directory = _hooks.FullName, TimeLimit = TimeSpan.FromMilliseconds(500) }, TestContext.Current.CancellationToken);

        Assert.Equal((ReportStatusNames.Failed, "timeout"), (report.Status, report.Code));
        Assert.False(IsRunning(File.ReadAllText(marker).Trim()));
    }

    [Fact]
    public async Task A_hook_that_leaves_a_daemon_behind_has_ended()
    {
        AHook("restart", "sleep 5 & echo '{}'");

        Assert.Equal(ReportStatusNames.Succeeded, (await RunAsync("restart")).Status);
    }

    [Fact]
    public async Task A_hook_that_ends_in_the_grace_of_a_stop_has_its_outcome()
    {
        using var stop = new CancellationTokenSource();
        var fifo = Path.Combine(_hooks.FullName, "started");
        AHook("restart", $"echo > {fifo}; sleep 0.2; exit 0");
        using var watcher = new FileSystemWatcher(_hooks.FullName, "started") { EnableRaisingEvents = true };
        watcher.Created += (_, _) => stop.Cancel();

        var report = await RunAsync("restart", new HookOptions { Directory = _hooks.FullName }, stop.Token);

        Assert.Equal(ReportStatusNames.Succeeded, report.Status);
    }

    [Fact]
    public async Task A_hook_that_outlasts_the_grace_of_a_stop_is_cut_off()
    {
        AHook("restart", "sleep 600");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            "restart", new HookOptions { Directory = _hooks.FullName, StopGrace = TimeSpan.FromMilliseconds(50) }, stop.Token));
    }

    [Fact]
    public async Task A_hook_that_prints_without_end_gives_no_result_and_does_no_harm()
    {
        AHook("message", "echo '{ \"a\": \"'; head -c 1000000 /dev/zero | tr '\\0' x; echo '\" }'");

        var report = await RunAsync("message");

        Assert.Equal(ReportStatusNames.Succeeded, report.Status);
        Assert.Null(report.Result);
    }

    private string AHook(string name, string script, string interpreter = "/bin/sh")
    {
        var path = Path.Combine(_hooks.FullName, name);
        File.WriteAllText(path, $"#!{interpreter}\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private Task<CommandReport> RunAsync(string kind, string parameters = "{}") =>
        RunAsync(kind, new HookOptions { Directory = _hooks.FullName }, TestContext.Current.CancellationToken, parameters);

    private static async Task<CommandReport> RunAsync(string kind, HookOptions options, CancellationToken stop, string parameters = "{}")
    {
        var hooks = new HookCommands(options, "acme", "tablet-7", TimeProvider.System, NullLogger.Instance);
        return (await hooks.RunAsync(new DeliveredCommand("c1", kind, JsonElement.Parse(parameters), AnAnswer.ServerTime), stop)).Report;
    }

    /// <summary>A zombie has ended too.</summary>
    private static bool IsRunning(string pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
