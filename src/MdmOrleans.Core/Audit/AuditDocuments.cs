using System.Text.Json;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Audit;

/// <summary>What the audit trail keeps of things before and after a change: as the interface shows them, and never a secret.</summary>
public static partial class AuditDocuments
{
    /// <summary>That a device was deleted, with the head of its chain.</summary>
    /// <param name="last">The last event of its history.</param>
    public static AuditEntry Deletion(Device device, DeviceEvent last, DateTimeOffset now) => new()
    {
        At = now,
        Actor = last.Actor,
        Action = AuditActions.DeviceDelete,
        Target = AuditTargets.Device(device.Id.Name),
        Result = AuditResults.Done,
        Before = JsonBlocks.Write(device, WriteDevice),
        After = JsonBlocks.Write(last, WriteTombstone),
    };

    private static void WriteDevice(Utf8JsonWriter json, Device device)
    {
        json.WriteStartObject();
        json.WriteString("device"u8, device.Id.Name);
        json.WriteNumber("version"u8, device.Version);
        json.WriteNumber("epoch"u8, device.Epoch);
        json.WriteString("lifecycle"u8, device.Lifecycle.ToWire());
        json.WriteString("platform"u8, device.Platform?.ToWire());
        json.WriteString("serial"u8, device.Serial);
        json.WriteString("createdAt"u8, device.CreatedAt);
        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in device.Labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTombstone(Utf8JsonWriter json, DeviceEvent last)
    {
        json.WriteStartObject();
        json.WriteStartObject("tombstone"u8);
        json.WriteNumber("number"u8, last.Number);
        json.WriteString("hash"u8, Convert.ToHexStringLower(last.Hash.Span));
        json.WriteString("deletedAt"u8, last.RecordedAt);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>How the audit trail names what was changed.</summary>
public static class AuditTargets
{
    public static string Device(string name) => $"device:{name}";

    public static string Key(string name) => $"key:{name}";

    public static string Policy(string name) => $"policy:{name}";

    public static string Tenant(string name) => $"tenant:{name}";

    /// <param name="system">E.g. <c>hr</c>.</param>
    public static string Webhook(string system) => $"webhook:{system}";
}
