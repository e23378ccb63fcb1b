using System.ComponentModel;
using System.Diagnostics;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The records of rpm are a database in a format of its own; only rpm itself reads it.</summary>
internal static class Rpm
{
    private const string Executable = "/usr/bin/rpm";

    /// <summary>Null where there is no rpm, or it fails.</summary>
    public static async Task<IReadOnlyList<InstalledApp>?> ReadAsync(SystemRoot root, CancellationToken cancellationToken)
    {
        if (!root.HasFile(Executable))
        {
            return null;
        }

        string[] query = ["-qa", "--qf", "%{NAME}\t%{VERSION}-%{RELEASE}\n"];
        var start = new ProcessStartInfo(root.Path(Executable), query) { RedirectStandardOutput = true };
        try
        {
            using var rpm = Process.Start(start);
            if (rpm is null)
            {
                return null;
            }

            var output = await rpm.StandardOutput.ReadToEndAsync(cancellationToken);
            await rpm.WaitForExitAsync(cancellationToken);
            return rpm.ExitCode == 0 ? Parse(output) : null;
        }
        catch (Win32Exception) // there, but not to be run by us
        {
            return null;
        }
    }

    private static InstalledApp[] Parse(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Where(fields => fields is [not "gpg-pubkey", _]) // keys, which rpm keeps among the packages
            .Select(fields => new InstalledApp(fields[0], fields[1]))
            .DistinctBy(app => app.Id)
            .OrderBy(app => app.Id, StringComparer.Ordinal),
    ];
}
