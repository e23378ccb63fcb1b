using System.Net;
using System.Runtime.Versioning;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>A server whose data directory is a small file system of its own, which can be filled up and made read-only.</summary>
[SupportedOSPlatform("linux")]
public sealed class DiskTests : IDisposable
{
    private const string OwnFileSystem = "mount -t tmpfs -o size=48m,mode=0700 tmpfs \"$DATA\" && ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-disk-");
    private readonly KeyValuePair<string, string>[] _ports = [.. ServerProcess.FreePorts()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_server_whose_disk_is_full_is_not_ready_until_there_is_room_again()
    {
        await using var server = Launch(OwnFileSystem + "exec");
        await BecomesAsync(server, HttpStatusCode.OK);

        var filler = $"/proc/{server.Id}/root{_directory.FullName}/filler";
        Assert.Throws<IOException>(() => Fill(filler));
        await BecomesAsync(server, HttpStatusCode.ServiceUnavailable);

        File.Delete(filler);
        await BecomesAsync(server, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_read_only_file_system_is_called_by_its_name()
    {
        await using var server = Launch(OwnFileSystem + "mount -o remount,ro \"$DATA\" && exec");

        Assert.Equal(1, await server.ExitAsync(Patience));
        Assert.Contains("Read-only file system", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("in use by another server", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', server.Errors);
    }

    [Fact]
    public async Task A_data_directory_that_everybody_could_read_is_closed_and_that_is_logged_once()
    {
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "hooks"));
        var key = Path.Combine(_directory.FullName, "admin-key");
        var hook = Path.Combine(_directory.FullName, "hooks", "lock");
        await File.WriteAllTextAsync(key, "k", Cancellation);
        await File.WriteAllTextAsync(hook, "#!/bin/sh", Cancellation);
        File.SetUnixFileMode(_directory.FullName, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(key, (UnixFileMode)0b110_100_100);
        File.SetUnixFileMode(hook, (UnixFileMode)0b111_101_101);

        await using (var first = Launch("exec", "migrate"))
        {
            Assert.Equal(0, await first.ExitAsync(Patience));
            Assert.Contains("4 modes were changed", first.Output, StringComparison.Ordinal);
        }

        await using (var second = Launch("exec", "migrate"))
        {
            Assert.Equal(0, await second.ExitAsync(Patience));
            Assert.DoesNotContain("modes were changed", second.Output, StringComparison.Ordinal);
        }

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_directory.FullName));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(key));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(hook));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(_directory.FullName, "devices.db")));
    }

    /// <param name="before">What the shell does first; it ends with <c>exec</c>, so that its process becomes the server.</param>
    private ChildProcess Launch(string before, string verb = "serve") => ChildProcess.Start(
        "unshare",
        ["--map-root-user", "--mount", "sh", "-c", $"{before} dotnet \"$0\" {verb}", Path.Combine(AppContext.BaseDirectory, "MdmOrleans.Server.dll")],
        [
            new("DATA", _directory.FullName), new("DOTNET_ENVIRONMENT", "Production"), new("Storage__Directory", _directory.FullName),
            new("Http__Address", "loopback"), .. _ports.Select(port => KeyValuePair.Create(port.Key.Replace(":", "__", StringComparison.Ordinal), port.Value)),
        ]);

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        while (true)
        {
            file.Write(block);
        }
    }

    private async Task BecomesAsync(ChildProcess server, HttpStatusCode status)
    {
        using var http = new HttpClient();
        var ready = new Uri($"http://127.0.0.1:{_ports.First(port => port.Key == "Http:PlainPort").Value}/healthz/ready");
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var response = await http.GetAsync(ready, Cancellation);
                    return response.StatusCode == status;
                }
                catch (HttpRequestException)
                {
                    return server.HasExited ? throw server.Failure("ended") : false; // it is starting
                }
            },
            $"readiness was {status}",
            Patience);
    }
}
