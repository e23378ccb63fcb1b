namespace MdmOrleans.Server.Hosting;

internal static class ServeVerb
{
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        await using var app = ServerHost.Build(args);
        await ServerHost.RunAsync(app, _ => Task.CompletedTask, stop);
        return 0;
    }
}
