using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Linux.Posture;

/// <summary>The installed packages.</summary>
/// <param name="Apps">Those that are reported, sorted by name.</param>
/// <param name="Installed">How many there are; more than are reported where they would not fit into a packet.</param>
internal sealed record Packages(string Manager, IReadOnlyList<InstalledApp> Apps, int Installed)
{
    // Of the 64 KiB of a packet; the rest is for everything else, and for a server that takes less.
    private const int Budget = 48 * 1024;

    // {"id":"","version":""},
    private const int Punctuation = 23;

    /// <summary>Null where no package manager that we know keeps its records.</summary>
    public static async Task<Packages?> ReadAsync(SystemRoot root, CancellationToken cancellationToken)
    {
        if (root.HasFile("/var/lib/dpkg/status"))
        {
            var (installed, chosen) = Dpkg.Read(root);
            return Of("dpkg", installed, chosen);
        }

        return await Rpm.ReadAsync(root, cancellationToken) is { } packages ? Of("rpm", packages, _ => true) : null;
    }

    /// <summary>What somebody asked for goes before what came along with it, when not everything fits.</summary>
    private static Packages Of(string manager, IReadOnlyList<InstalledApp> installed, Func<InstalledApp, bool> chosen)
    {
        var left = Budget;
        var fitting = installed.OrderByDescending(chosen).TakeWhile(app => (left -= SizeOf(app)) >= 0);
        return new Packages(manager, [.. fitting.OrderBy(app => app.Id, StringComparer.Ordinal)], installed.Count);
    }

    private static int SizeOf(InstalledApp app) => app.Id.Length + app.Version!.Length + Punctuation; // packages have versions
}
