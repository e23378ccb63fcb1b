namespace MdmOrleans.Server.Hosting;

/// <summary>Where keys, certificates and the embedded database lie.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it, for this user only, when it is missing; one that is there keeps its mode.</summary>
    /// <exception cref="SettingException">It cannot be used.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory, OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Storage:Directory is '{directory}', and that directory cannot be made: {e.Message}", e);
        }
    }
}
