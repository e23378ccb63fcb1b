using MdmOrleans.Server.Demo;
using MdmOrleans.Server.Hosting;
using MdmOrleans.Storage;
using Microsoft.Extensions.Options;

return args switch
{
    _ when args.Any(word => word is "--help" or "-h" or "help") => Usage.Print(Console.Out, 0),
    [not ("serve" or "demo" or "migrate") and not ['-', ..], ..] => Usage.Refuse($"'{args[0]}' is not a command."),
    _ when Usage.Complaint(args) is { } complaint => Usage.Refuse(complaint),
    ["demo", .. var rest] => await RunAsync(() => DemoVerb.RunAsync(rest)),
    ["migrate", .. var rest] => await RunAsync(() => MigrateVerb.RunAsync(rest)),
    _ => await RunAsync(() => ServeVerb.RunAsync(args is ["serve", .. var rest] ? rest : args)),
};

// What an operator can mend is one sentence; whatever else goes wrong keeps its stack.
static async Task<int> RunAsync(Func<Task> verb)
{
    try
    {
        await verb();
        return 0;
    }
    catch (Exception e) when (e is SettingException or StorageStartException or OptionsValidationException or InvalidDataException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
}
