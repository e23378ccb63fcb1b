using System.Runtime.InteropServices;

namespace MdmOrleans.Grains.Clocks;

/// <summary>Counts from the boot of the machine, also while it sleeps. Nobody can set it.</summary>
public interface IBootClock
{
    TimeSpan Elapsed { get; }
}

public sealed class BootClock : IBootClock
{
    private const int ClockBoottime = 7; // CLOCK_BOOTTIME of Linux

    public TimeSpan Elapsed => OperatingSystem.IsLinux() && GetTime(ClockBoottime, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : TimeSpan.FromMilliseconds(Environment.TickCount64);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
