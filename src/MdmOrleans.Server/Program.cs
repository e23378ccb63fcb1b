using MdmOrleans.Server.Demo;
using MdmOrleans.Server.Hosting;
using MdmOrleans.Storage;
using Microsoft.Extensions.Options;

return args switch
{
    [] or ["serve", ..] or [['-', ..], ..] => await RunAsync(() => ServeVerb.RunAsync(args is ["serve", .. var rest] ? rest : args)),
    ["demo", .. var rest] => await RunAsync(() => DemoVerb.RunAsync(rest)),
    ["migrate", .. var rest] => await RunAsync(() => MigrateVerb.RunAsync(rest)),
    ["help" or "--help" or "-h", ..] => Usage.Print(Console.Out, 0),
    [var verb, ..] => Usage.Refuse(verb),
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
