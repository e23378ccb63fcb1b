using System.Globalization;
using System.Runtime.Versioning;
using MdmOrleans.Integration.Tests.Documents;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>The tour of the README as it stands there, pasted beside a running demo.</summary>
[SupportedOSPlatform("linux")]
public sealed class PastedTourTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // What a shell, curl or jq says when a line did not work.
    private static readonly string[] Complaints =
        ["command not found", "parse error", "syntax error", "no matches found", "event not found", "unbound", "jq:", "curl:", "Connection error", "Timed out", "Error:"];

    private ServerProcess _demo = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _demo = await ServerProcess.StartAsync(["demo"]);
        await _demo.LineAsync(line => line.Contains("demo-key)", StringComparison.Ordinal), Patience);
    }

    public ValueTask DisposeAsync() => _demo.DisposeAsync();

    [Fact]
    public async Task The_tour_works_when_it_is_pasted_twice_into_bash_and_into_zsh()
    {
        var tour = string.Concat(Readme.Blocks(Readme.Section(Readme.Text("README.md"), "A tour of five minutes"), "sh"))
            .Replace("localhost:8080", $"localhost:{_demo.HttpPort}", StringComparison.Ordinal)
            .Replace("-p 1883", $"-p {_demo.MqttPort.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);

        foreach (var shell in (string[][])[["bash", "--norc", "-i"], ["zsh", "-f", "-i"]])
        {
            await PasteAsync(shell, tour, isFirst: shell[0] == "bash");
            await PasteAsync(shell, tour, isFirst: false);
        }
    }

    private async Task PasteAsync(string[] shell, string tour, bool isFirst)
    {
        var paste = Path.Combine(Path.GetDirectoryName(_demo.DataDirectory)!, "paste"); // it has a directory above it
        await File.WriteAllTextAsync(paste, tour + "\nexit\n", TestContext.Current.CancellationToken);
        await using var terminal = ChildProcess.Start(
            "/bin/sh", ["-c", "exec \"$@\" < \"$0\"", paste, .. shell], [new("TERM", "dumb")], Path.GetDirectoryName(_demo.DataDirectory));

        await terminal.ExitAsync(Patience);

        var (output, everything) = (terminal.Output, terminal.Output + terminal.Errors);
        Assert.All(Complaints, complaint => Assert.DoesNotContain(complaint, everything, StringComparison.Ordinal));
        foreach (var expected in (string[])
            [
                isFirst ? "Shop\n" : "[\"Shop\",\"baseline\"]", "[\"baseline\",1]",
                "[\"compliant\",\"allow\"]", "[\"inGracePeriod\",\"Update to 14 or later.\"]", "\"coming\"", "\"after\"",
                "/dn/command/", "[\"message\",\"succeeded\"]", "\"lost\"", "lostWipe", "[\"Active\",\"allow\"]",
            ])
        {
            Assert.Contains(expected, output + "\n", StringComparison.Ordinal);
        }
    }
}
