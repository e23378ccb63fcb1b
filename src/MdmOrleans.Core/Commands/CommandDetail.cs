namespace MdmOrleans.Core.Commands;

/// <summary>What the history keeps of a step of a command.</summary>
internal static class CommandDetail
{
    public static Utf8Block Of(DeviceCommand command) => JsonBlocks.Write(command, static (json, c) =>
    {
        json.WriteStartObject();
        json.WriteString("command"u8, c.Id);
        json.WriteString("kind"u8, c.Kind.ToWire());
        if (c.Code is { } code)
        {
            json.WriteString("code"u8, code);
        }

        json.WriteEndObject();
    });

    /// <summary>A report that changed nothing.</summary>
    public static Utf8Block Of(DeviceCommand command, CommandReport report) => JsonBlocks.Write((command, report), static (json, late) =>
    {
        json.WriteStartObject();
        json.WriteString("command"u8, late.command.Id);
        json.WriteString("kind"u8, late.command.Kind.ToWire());
        json.WriteString("status"u8, late.command.Status.ToWire());
        json.WriteString("reported"u8, late.report.Status.ToWire());
        json.WriteEndObject();
    });
}
