using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.History;

namespace MdmOrleans.Server.Demo;

/// <summary>An event of a device as one line on the console.</summary>
internal static class DemoLine
{
    private const string Red = "\e[31m";
    private const string Yellow = "\e[33m";
    private const string Green = "\e[32m";
    private const string Gray = "\e[90m";
    private const string Plain = "\e[0m";

    /// <param name="zone">In which the time of day is written.</param>
    public static string Of(StreamedEvent streamed, bool isColored, TimeZoneInfo zone)
    {
        var told = streamed.Event;
        var time = TimeZoneInfo.ConvertTime(told.RecordedAt, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var device = $"{streamed.Device.Tenant.Name}:{streamed.Device.Name}";
        var line = $"{time} {device,-24} {Subject(told),-22} {Change(told)}".TrimEnd();
        return isColored ? $"{ColorOf(told)}{line}{Plain}" : line;
    }

    private static string Subject(DeviceEvent told) => told.Kind switch
    {
        EventKinds.DeviceCreated => "created",
        EventKinds.CredentialIssued => "new credential",
        EventKinds.LifecycleChanged => "lifecycle",
        EventKinds.QuarantineReasonsChanged => "quarantine reasons",
        EventKinds.ComplianceChanged => "compliance",
        EventKinds.AccessChanged => "access",
        EventKinds.PostureChanged => "posture changed",
        EventKinds.PolicyAssigned => "policy assigned",
        EventKinds.LadderStepTaken => "ladder step",
        EventKinds.CommandQueued => $"{CommandOf(told)} queued",
        EventKinds.CommandHeld => $"{CommandOf(told)} held",
        EventKinds.CommandStatusChanged => CommandOf(told),
        EventKinds.ConnectionLost => "connection lost",
        EventKinds.EventsDropped => "events dropped",
        EventKinds.LateCommandReport => $"{CommandOf(told)} late report",
        _ => told.Kind,
    };

    private static string Change(DeviceEvent told) => (told.From, told.To, told.Reason) switch
    {
        (null, null, var reason) => reason ?? "",
        (null, { } to, var reason) => $"{to}{Because(reason)}",
        ({ } from, var to, var reason) => $"{from} → {to ?? "none"}{Because(reason)}",
    };

    private static string Because(string? reason) => reason is null ? "" : $" ({reason})";

    private static string CommandOf(DeviceEvent told)
    {
        using var detail = JsonDocument.Parse(told.Detail.Memory);
        return detail.RootElement.TryGetProperty("kind", out var kind) ? kind.GetString() ?? "command" : "command";
    }

    private static string ColorOf(DeviceEvent told) => (told.Kind, told.To) switch
    {
        (_, "noncompliant" or "Quarantined" or "quarantine" or "block" or "error" or "failed" or "rejected") => Red,
        (EventKinds.CommandHeld or EventKinds.ConnectionLost or EventKinds.EventsDropped, _) or (_, "inGracePeriod" or "onHold") => Yellow,
        (_, "compliant" or "Active" or "allow" or "succeeded") => Green,
        _ => Gray,
    };
}
