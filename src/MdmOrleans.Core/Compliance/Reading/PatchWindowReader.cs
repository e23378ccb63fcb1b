using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Reads and writes <c>patchWindow</c>.</summary>
internal static class PatchWindowReader
{
    private const string OfDevice = "device";
    private const string StartFormat = "HH:mm";
    private const int MaximumHours = 24;

    // What may occur in an IANA name. No dot: a zone is looked up as a file.
    private static readonly SearchValues<char> ZoneCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-");

    public static PatchWindow? Read(JsonScope policy)
    {
        if (policy.TakeObject("patchWindow") is not { } scope)
        {
            return null;
        }

        var day = scope.TakeWord("day", PolicyWords.Days, isNeeded: true);
        var start = ReadStart(scope);
        var length = scope.TakeHours("hours", MaximumHours, mayBeZero: false, isNeeded: true);
        var zone = ReadZone(scope);
        scope.Close();
        return day is null || start is null || length is null
            ? null
            : new PatchWindow(day.Value, start.Value, length.Value, zone == OfDevice ? null : zone);
    }

    public static void Write(Utf8JsonWriter json, PatchWindow window)
    {
        json.WriteStartObject("patchWindow");
        json.WriteString("day", PolicyWords.Days[window.Day]);
        json.WriteString("start", window.Start.ToString(StartFormat, CultureInfo.InvariantCulture));
        json.WriteNumber("hours", JsonValues.ToHours(window.Length));
        json.WriteString("timeZone", window.TimeZone ?? OfDevice);
        json.WriteEndObject();
    }

    private static TimeOnly? ReadStart(JsonScope scope)
    {
        if (scope.TakeText("start", 5, isNeeded: true) is not { } text)
        {
            return null;
        }

        if (TimeOnly.TryParseExact(text, StartFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start))
        {
            return start;
        }

        scope.Refuse("start", "must be a time of the day, 00:00 to 23:59");
        return null;
    }

    private static string ReadZone(JsonScope scope)
    {
        var zone = scope.TakeText("timeZone", 64) ?? OfDevice;
        if (zone != OfDevice && !scope.Reading.IsStored && !IsZone(zone))
        {
            scope.Refuse("timeZone", "must be the IANA name of a time zone, or device");
        }

        return zone;
    }

    private static bool IsZone(string zone) =>
        char.IsAsciiLetter(zone[0]) && !zone.AsSpan().ContainsAnyExcept(ZoneCharacters) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
}
