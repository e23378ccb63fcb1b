namespace MdmOrleans.Core.Commands;

/// <summary>What the history keeps of a step of a command.</summary>
internal static class CommandDetail
{
    /// <param name="note">What a person wrote beside it.</param>
    public static Utf8Block Of(DeviceCommand command, string? note = null) => JsonBlocks.Write((command, note), static (json, step) =>
    {
        json.WriteStartObject();
        json.WriteString("command"u8, step.command.Id);
        json.WriteString("kind"u8, step.command.Kind.ToWire());
        if (step.command.Code is { } code)
        {
            json.WriteString("code"u8, code);
        }

        if (step.note is { } note)
        {
            json.WriteString("note"u8, note);
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
