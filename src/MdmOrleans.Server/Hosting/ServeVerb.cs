namespace MdmOrleans.Server.Hosting;

internal static class ServeVerb
{
    public static async Task RunAsync(string[] args)
    {
        await using var app = ServerHost.Build(args);
        await ServerHost.StartAsync(app);
        await app.WaitForShutdownAsync();
    }
}
