using MdmOrleans.Server.Demo;
using MdmOrleans.Server.Hosting;
using MdmOrleans.Storage;
using Microsoft.Extensions.Options;

var isQuiet = args is ["demo", ..] && args.Contains(DemoVerb.Quiet);
args = isQuiet ? [.. args.Where(word => word != DemoVerb.Quiet)] : args;
return args switch
{
    _ when args.Any(word => word is "--help" or "-h" or "help") => Usage.Print(Console.Out, 0),
    [not ("serve" or "demo" or "migrate") and not ['-', ..], ..] => Usage.Refuse($"'{args[0]}' is not a command."),
    _ when Usage.Complaint(args) is { } complaint => Usage.Refuse(complaint),
    ["demo", .. var rest] => await RunAsync(stop => DemoVerb.RunAsync(rest, isQuiet, stop)),
    ["migrate", .. var rest] => await RunAsync(stop => MigrateVerb.RunAsync(rest, stop)),
    _ => await RunAsync(stop => ServeVerb.RunAsync(args is ["serve", .. var rest] ? rest : args, stop)),
};

// What an operator can mend is one sentence; whatever else goes wrong keeps its stack.
static async Task<int> RunAsync(Func<CancellationToken, Task<int>> verb)
{
    using var signal = new StopSignal();
    try
    {
        return await verb(signal.Token);
    }
    catch (Exception e) when (e is SettingException or StorageStartException or OptionsValidationException or InvalidDataException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
}
