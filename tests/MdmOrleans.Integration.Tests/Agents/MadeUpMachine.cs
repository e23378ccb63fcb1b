using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using MdmOrleans.Agent.Linux.Posture;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>The files of a machine that does not exist.</summary>
internal sealed class MadeUpMachine : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mdm-machine-").FullName;

    public SystemRoot Root => new(_root);

    public MadeUpMachine With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public MadeUpMachine With(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!); // the path has a directory
        File.WriteAllBytes(_root + path, content);
        return this;
    }

    public MadeUpMachine WithCompressed(string path, string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return With(path, buffer.ToArray());
    }

    public MadeUpMachine WithLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!); // the path has a directory
        File.CreateSymbolicLink(_root + path, target);
        return this;
    }

    [SupportedOSPlatform("linux")]
    public MadeUpMachine WithExecutable(string path, string script)
    {
        With(path, script);
        File.SetUnixFileMode(_root + path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>A block device in sysfs, under its name and its number.</summary>
    public MadeUpMachine WithDisk(string name, string number, string? dmUuid = null, params string[] slaves)
    {
        With($"/sys/class/block/{name}/dev", number);
        foreach (var slave in slaves)
        {
            With($"/sys/class/block/{name}/slaves/{slave}", "");
        }

        if (dmUuid is not null)
        {
            With($"/sys/class/block/{name}/dm/uuid", dmUuid + "\n");
        }

        return WithLink($"/sys/dev/block/{number}", $"../../class/block/{name}");
    }

    public MadeUpMachine WithRootOn(string number, string filesystem = "ext4", string source = "/dev/root") => With("/proc/self/mountinfo", $"""
        22 27 0:21 / /proc rw,relatime - proc proc rw
        27 1 {number} / / rw,relatime shared:1 master:2 - {filesystem} {source} rw

        """);

    public ValueTask<CheckInMessage> ReadAsync() => new LinuxPosture(Root).ReadAsync(TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
