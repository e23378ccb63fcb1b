using MdmOrleans.Storage;

namespace MdmOrleans.Server.Hosting;

internal static class MigrateVerb
{
    /// <summary>Starts nothing: it asks the storage of the same configuration to bring its schema up to date.</summary>
    public static async Task RunAsync(string[] args)
    {
        await using var app = ServerHost.Build(args);
        await app.Services.GetRequiredService<IStorageSchema>().MigrateAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync("The schema is up to date.");
    }
}
