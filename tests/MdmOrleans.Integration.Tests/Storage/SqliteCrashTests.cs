using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>A process that writes is killed, and another one looks at what it left.</summary>
public sealed class SqliteCrashTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_killed_process_loses_nothing_acknowledged_and_leaves_no_twin_half_written()
    {
        var acknowledged = new Dictionary<DeviceId, long>();
        for (var kill = 0; kill < 3; kill++)
        {
            await KillAfterAsync(lines: 2000, acknowledged);
        }

        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        Assert.Equal(CrashingWriter.Devices, acknowledged.Count);
        foreach (var (id, version) in acknowledged)
        {
            await WriteLoad.VerifyAsync(host, id, version);
        }
    }

    private async Task KillAfterAsync(int lines, Dictionary<DeviceId, long> acknowledged)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SqliteCrashTests).Assembly.Location);
        }

        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(SqliteCrashTests).Assembly.Location;
        start.Environment[StartupHook.Directory] = database.Directory;
        using var writer = Process.Start(start)!; // it throws when it does not start
        while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            var words = line.Split(' ');
            acknowledged[DeviceId.Parse(words[0])] = long.Parse(words[1], CultureInfo.InvariantCulture);
            if (--lines == 0)
            {
                writer.Kill();
            }
        }

        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(lines <= 0, "The writer ended by itself.");
    }
}
