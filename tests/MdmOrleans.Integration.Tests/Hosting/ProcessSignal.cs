using System.Globalization;
using System.Runtime.InteropServices;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>Signals to processes that a test started, by their id. One that has ended meanwhile gets none.</summary>
internal static class ProcessSignal
{
    public static void Terminate(int process) => _ = Send(process, 15);

    public static void Kill(int process) => _ = Send(process, 9);

    public static void Suspend(int process) => _ = Send(process, 19);

    public static void Resume(int process) => _ = Send(process, 18);

    public static int[] ChildrenOf(int process) =>
    [
        .. File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int process, int signal);
}
