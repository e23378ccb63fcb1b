namespace MdmOrleans.Server.Hosting;

/// <summary>Where keys, certificates and the embedded database lie.</summary>
internal static partial class DataDirectory
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it when it is missing, and takes it, with everything in it, away from everybody but this user.</summary>
    /// <exception cref="SettingException">It cannot be used.</exception>
    public static void Prepare(string directory, ILogger logger)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory, Owner);
            }
            else
            {
                CloseToOthers(directory, logger);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Storage:Directory is '{directory}', and that directory cannot be used: {e.Message}", e);
        }
    }

    /// <summary>A directory from before, or from a backup, may have any mode. Links are left alone: what they lead to is not ours.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void CloseToOthers(string directory, ILogger logger)
    {
        if (File.GetUnixFileMode(directory).HasFlag(UnixFileMode.StickyBit))
        {
            throw new SettingException($"Storage:Directory is '{directory}', which is shared with other users; name a directory of the server's own.");
        }

        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        var mended = Directory.EnumerateFileSystemEntries(directory, "*", all).Prepend(directory).Count(TryClose);
        if (mended > 0)
        {
            logger.LogClosedToOthers(directory, mended);
        }
    }

    /// <returns>False when it was for this user only already, or is gone: a server that ends takes the logs of its database with it.</returns>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool TryClose(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~Owner) == UnixFileMode.None)
            {
                return false;
            }

            File.SetUnixFileMode(path, mode & Owner);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    [LoggerMessage(6003, LogLevel.Warning,
        "Others could read the data directory {Directory} or what is in it; {Count} modes were changed, and now only this user can")]
    private static partial void LogClosedToOthers(this ILogger logger, string directory, int count);
}
