using MdmOrleans.Storage;

namespace MdmOrleans.Server.Hosting;

internal static class MigrateVerb
{
    /// <summary>Starts nothing: it asks the storage of the same configuration to bring its schema up to date.</summary>
    /// <returns>1 when it was stopped before the schema was up to date: whoever runs it must not go on as if it were.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        await using var app = ServerHost.Build(args);
        if (app.Services.GetRequiredService<ServerSettings>() is { IsEmbedded: true } settings)
        {
            DataDirectory.Prepare(settings.Directory, ServerHost.Logger(app));
        }

        try
        {
            await app.Services.GetRequiredService<IStorageSchema>().MigrateAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before the schema was up to date; run 'migrate' again.");
            return 1;
        }

        await Console.Out.WriteLineAsync("The schema is up to date.");
        return 0;
    }
}
