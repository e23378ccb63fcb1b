using MdmOrleans.Integration.Tests.Storage;

/// <summary>
/// Runs before the Main of the process that a crash test starts and kills. The runtime looks for exactly this name, in no
/// namespace, in the assembly that DOTNET_STARTUP_HOOKS names.
/// </summary>
internal static class StartupHook
{
    public const string Directory = "MDM_TEST_SQLITE_WRITER";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Directory) is { } directory)
        {
            CrashingWriter.WriteForeverAsync(directory).GetAwaiter().GetResult();
        }
    }
}
