using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Reads and writes <c>onNoncompliance</c>.</summary>
internal static class LadderReader
{
    private const int MaximumSteps = 50;
    private const int MaximumHours = 8760;
    private const int MaximumParameterBytes = 16 * 1024;

    public static ImmutableArray<LadderStep> Read(JsonScope policy)
    {
        var steps = ImmutableArray.CreateBuilder<LadderStep>();
        foreach (var item in policy.TakeArray("onNoncompliance", 0, MaximumSteps) ?? [])
        {
            if (JsonScope.Open(item, policy.Reading) is { } scope && ReadStep(scope) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps.ToImmutable();
    }

    public static void Write(Utf8JsonWriter json, ImmutableArray<LadderStep> steps)
    {
        json.WriteStartArray("onNoncompliance");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteNumber("afterHours", JsonValues.ToHours(step.After));
            json.WriteString("action", PolicyWords.Actions[step.Action]);
            if (step.Command is { } command)
            {
                json.WriteStartObject("command");
                json.WriteString("kind", command.Kind.ToWire());
                json.WritePropertyName("parameters");
                json.WriteRawValue(command.Parameters.Span, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static LadderStep? ReadStep(JsonScope scope)
    {
        var after = scope.TakeHours("afterHours", MaximumHours, mayBeZero: true, isNeeded: true);
        var action = ReadAction(scope);
        var isCommand = action is LadderAction.Command;
        var command = scope.TakeObject("command", isNeeded: isCommand);
        if (command is not null && action is not null && !isCommand)
        {
            scope.Refuse("command", "is only for the action command");
        }

        var read = command is null ? null : ReadCommand(command);
        scope.Close();
        return after is null || action is null ? null : new LadderStep(after.Value, action.Value, read);
    }

    private static LadderAction? ReadAction(JsonScope scope) => RefuseDestruction(scope, "action") ? null
        : scope.TakeWord("action", PolicyWords.Actions, isNeeded: true);

    private static LadderCommand? ReadCommand(JsonScope scope)
    {
        var kind = RefuseDestruction(scope, "kind") ? null : scope.TakeWord("kind", PolicyWords.LadderCommands, isNeeded: true);
        var parameters = scope.Take("parameters") is { } place ? ReadParameters(scope.Reading, place) : Utf8Block.FromText("{}");
        scope.Close();
        return kind is null ? null : new LadderCommand(kind.Value, parameters);
    }

    /// <summary>Says so in words: whoever writes this wants a device erased, and must learn that no policy does that.</summary>
    private static bool RefuseDestruction(JsonScope scope, string member)
    {
        if (!scope.HasText(member, "wipe") && !scope.HasText(member, "retire"))
        {
            return false;
        }

        scope.Take(member);
        scope.Refuse(member, "is not allowed here: compliance never wipes or retires. Use nominateRetire to ask a person");
        return true;
    }

    /// <summary>Passed on untouched but for blanks between the tokens, which would make the same policy another one.</summary>
    private static Utf8Block ReadParameters(PolicyReading reading, JsonPlace place)
    {
        if (place.Value.ValueKind is not JsonValueKind.Object)
        {
            reading.Refuse(place.Path, "must be an object");
            return default;
        }

        RefuseDuplicates(reading, place);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, PolicyWriter.JsonOptions))
        {
            place.Value.WriteTo(json);
        }

        if (buffer.Length > MaximumParameterBytes)
        {
            reading.Refuse(place.Path, $"must be an object of at most {MaximumParameterBytes} bytes");
        }

        return new Utf8Block(buffer.ToArray());
    }

    private static void RefuseDuplicates(PolicyReading reading, JsonPlace place)
    {
        if (place.Value.ValueKind is JsonValueKind.Object && JsonScope.Open(place, reading) is { } scope)
        {
            foreach (var (_, member) in scope.TakeRest())
            {
                RefuseDuplicates(reading, member);
            }
        }
        else if (place.Value.ValueKind is JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in place.Value.EnumerateArray())
            {
                RefuseDuplicates(reading, new JsonPlace(item, place.Path.Item(index++)));
            }
        }
    }
}
