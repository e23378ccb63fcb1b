using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MdmOrleans.Agent.Linux.Commands;

/// <summary>Whether a file may run with the rights of the agent, which are often those of root.</summary>
internal static class FileTrust
{
    private const int CurrentDirectory = -100; // AT_FDCWD; every path here is absolute
    private const uint BasicStats = 0x7FF; // STATX_BASIC_STATS
    private const int StatxSize = 256;
    private const int UidOffset = 20; // struct statx is the same on every architecture
    private const int ModeOffset = 28;
    private const int WritableByOthers = 0x12; // S_IWGRP | S_IWOTH
    private const uint Root = 0;

    /// <summary>What is wrong with a directory of hooks and everything in it, in a sentence; null when nothing is, or when there is no such directory.</summary>
    public static string? FlawOfAll(string directory) => !Directory.Exists(directory)
        ? null
        : FlawOf(directory) ?? Directory.EnumerateFileSystemEntries(directory).Select(FlawOf).FirstOrDefault(flaw => flaw is not null);

    /// <summary>What is wrong with one file or directory; null when nothing is. A link counts as what it leads to.</summary>
    public static string? FlawOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var full = Path.GetFullPath(path);
        var stat = new byte[StatxSize];
        if (StatX(CurrentDirectory, full, 0, BasicStats, stat) != 0)
        {
            return $"{full} cannot be examined.";
        }

        var owner = BinaryPrimitives.ReadUInt32LittleEndian(stat.AsSpan(UidOffset));
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(stat.AsSpan(ModeOffset));
        return FlawOf(full, owner, mode, EffectiveUser());
    }

    /// <param name="user">Of the agent.</param>
    internal static string? FlawOf(string path, uint owner, int mode, uint user) =>
        owner != Root && owner != user ? $"{path} belongs to another user; it must belong to the agent's user or to root."
        : (mode & WritableByOthers) != 0 ? $"Users other than its owner may write to {path}; take that right away (chmod go-w)."
        : null;

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] stat);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
