using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Linux.Commands;

/// <summary>Runs commands through executables that the owner of the machine put into a directory; without one, a command is rejected.</summary>
/// <remarks>
/// A hook gets the command as JSON on standard input, and <c>MDM_COMMAND_ID</c>, <c>MDM_COMMAND_KIND</c>, <c>MDM_COMMAND_EXPIRES_AT</c>,
/// <c>MDM_TENANT</c> and <c>MDM_DEVICE</c>. It answers by its exit code: 0 succeeded, with a JSON object on standard output as the result;
/// 75 (EX_TEMPFAIL) not now; 77 (EX_NOPERM) rejected; anything else failed, with the end of standard error as the detail.
/// </remarks>
internal sealed partial class HookCommands(HookOptions options, string tenant, string device, TimeProvider time, ILogger logger) : ICommandHandler
{
    private const int TemporaryFailure = 75;
    private const int NotPermitted = 77;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ILogger _logger = logger;

    public async Task<CommandOutcome> RunAsync(DeliveredCommand command, CancellationToken cancellationToken)
    {
        if (FindHook(command.Kind) is not { } hook)
        {
            return CommandOutcome.Rejected("notSupported", $"This machine has no hook for {command.Kind}.");
        }

        if ((FileTrust.FlawOf(Path.GetDirectoryName(hook)!) ?? FileTrust.FlawOf(hook)) is { } flaw) // it is in a directory
        {
            LogUnsafe(flaw);
            return CommandOutcome.Rejected("hookUnsafe", flaw);
        }

        try
        {
            var exit = await new HookProcess(options, time).RunAsync(hook, EnvironmentOf(command), command, cancellationToken);
            return OutcomeOf(exit);
        }
        catch (Win32Exception e) // the kernel would not start it: no interpreter, no permission
        {
            var why = new Win32Exception(e.NativeErrorCode).Message;
            LogNotStarted(hook, why);
            return CommandOutcome.Failed("hookNotStarted", why);
        }
    }

    private static CommandOutcome OutcomeOf(HookExit exit) => exit switch
    {
        { Code: null } => CommandOutcome.Failed("timeout", "The hook ran too long and was killed."),
        { Code: 0 } => CommandOutcome.Succeeded(ResultOf(exit.Output)),
        { Code: TemporaryFailure } => CommandOutcome.NotNow(exit.Error),
        { Code: NotPermitted } => CommandOutcome.Rejected("hookRejected", exit.Error),
        { Code: { } code } => CommandOutcome.Failed(string.Create(CultureInfo.InvariantCulture, $"exit{code}"), exit.Error),
    };

    /// <summary>Null unless the output is one JSON object; a hook may print what it likes.</summary>
    private static JsonElement? ResultOf(string output)
    {
        try
        {
            var result = JsonElement.Parse(output);
            return result.ValueKind == JsonValueKind.Object ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The kind comes from outside: only letters and digits, so that it cannot lead out of the directory.</summary>
    private string? FindHook(string kind)
    {
        if (options.Directory is not { } directory || kind.Length == 0 || !kind.All(char.IsAsciiLetterOrDigit))
        {
            return null;
        }

        var hook = Path.Combine(directory, kind);
        return File.Exists(hook) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(hook) & Executable) != 0) ? hook : null;
    }

    private Dictionary<string, string> EnvironmentOf(DeliveredCommand command) => new(StringComparer.Ordinal)
    {
        ["MDM_COMMAND_ID"] = command.Id,
        ["MDM_COMMAND_KIND"] = command.Kind,
        ["MDM_COMMAND_EXPIRES_AT"] = command.ExpiresAt?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "",
        ["MDM_TENANT"] = tenant,
        ["MDM_DEVICE"] = device,
    };
}
