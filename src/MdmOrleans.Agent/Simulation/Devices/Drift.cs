using System.Globalization;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>How a device changes with time. Pure but for the random numbers that it is given.</summary>
internal static class Drift
{
    private const int StaleDays = 95;

    // Mean hours until something happens.
    private const double SystemUpdate = 7 * 24;
    private const double Patch = 14 * 24;
    private const double AppUpdate = 3 * 24;
    private const double VpnBreaks = 250;
    private const double VpnComesBack = 2;

    public static SimulatedState Start(DeviceTraits traits, DateOnly today, Random random)
    {
        var isFlawed = traits.Flaw != Flaw.None;
        return new SimulatedState
        {
            Release = isFlawed && traits.Flaw == Flaw.OldSystem ? 0 : random.Next(1, traits.Platform.Releases.Length),
            PatchedOn = today.AddDays(traits.Flaw == Flaw.StalePatches ? -StaleDays : -random.Next(30)),
            IsFlawed = isFlawed,
            FlawTurnsAt = TurnsAfter(isFlawed, random),
            Apps = traits.Platform.Apps,
        };
    }

    /// <param name="hours">Simulated hours that have passed since.</param>
    public static SimulatedState Advance(SimulatedState state, DeviceTraits traits, double hours, DateOnly today, Random random)
    {
        var next = Turn(state with { Hours = state.Hours + hours }, traits, today, random);
        var newest = traits.Platform.NewestAt(next.Hours);
        if (next.Release < newest && !(next.IsFlawed && traits.Flaw == Flaw.OldSystem) && Happens(SystemUpdate))
        {
            next = next with { Release = newest };
        }

        if (!(next.IsFlawed && traits.Flaw == Flaw.StalePatches) && (next.PatchedOn < today.AddDays(-45) || Happens(Patch)))
        {
            next = next with { PatchedOn = today };
        }

        if (next.Apps.Length > 0 && Happens(AppUpdate))
        {
            var index = random.Next(next.Apps.Length);
            next = next with { Apps = next.Apps.SetItem(index, Updated(next.Apps[index])) };
        }

        return next with { IsVpnUp = next.IsVpnUp ? !Happens(VpnBreaks) : Happens(VpnComesBack) };

        bool Happens(double meanHours) => random.NextDouble() >= Math.Exp(-hours / meanHours);
    }

    /// <summary>A flaw is mended after one to five weeks, and comes back after half a week to two: a few are always out of order.</summary>
    private static SimulatedState Turn(SimulatedState state, DeviceTraits traits, DateOnly today, Random random)
    {
        if (traits.Flaw == Flaw.None || state.Hours < state.FlawTurnsAt)
        {
            return state;
        }

        var isFlawed = !state.IsFlawed;
        var turned = state with { IsFlawed = isFlawed, FlawTurnsAt = state.Hours + TurnsAfter(isFlawed, random) };
        return (traits.Flaw, isFlawed) switch
        {
            (Flaw.OldSystem, true) => turned with { Release = 0 }, // exchanged for an old one from the drawer
            (Flaw.OldSystem, false) => turned with { Release = traits.Platform.NewestAt(state.Hours) },
            (Flaw.StalePatches, true) => turned with { PatchedOn = today.AddDays(-StaleDays) },
            (Flaw.StalePatches, false) => turned with { PatchedOn = today },
            _ => turned,
        };
    }

    private static double TurnsAfter(bool isFlawed, Random random) =>
        24 * 7 * (isFlawed ? 1 + 4 * random.NextDouble() : 0.5 + 1.5 * random.NextDouble());

    private static InstalledApp Updated(InstalledApp app)
    {
        var cut = app.Version!.LastIndexOf('.') + 1; // the catalog gives every app a version
        return int.TryParse(app.Version.AsSpan(cut), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? app with { Version = string.Create(CultureInfo.InvariantCulture, $"{app.Version.AsSpan(0, cut)}{last + 1}") }
            : app;
    }
}
