using System.Buffers;
using System.Text.Json;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Gateway.Commands;

/// <summary>Writes a command as a device gets it: the payload of <c>dn/command/{id}</c>, and an element of <c>commands</c>.</summary>
internal static class CommandWriter
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    public static void Write(IBufferWriter<byte> output, DeviceCommand command)
    {
        using var json = new Utf8JsonWriter(output, Options);
        Write(json, command);
    }

    public static void Write(Utf8JsonWriter json, DeviceCommand command)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, command.Id);
        json.WriteString("kind"u8, command.Kind.ToWire());
        json.WritePropertyName("parameters"u8);
        if (command.Parameters.IsAbsent)
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        else
        {
            json.WriteRawValue(command.Parameters.Span, skipInputValidation: true); // valid since it was accepted
        }

        if (command.ExpiresAt != DateTimeOffset.MaxValue)
        {
            json.WriteString("expiresAt"u8, command.ExpiresAt.UtcDateTime);
        }

        json.WriteEndObject();
    }

    /// <summary>Bytes that <see cref="Write(Utf8JsonWriter, DeviceCommand)"/> writes.</summary>
    public static int Size(DeviceCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, command);
        return output.WrittenCount;
    }
}
