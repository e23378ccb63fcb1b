using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>One value of the input and the JSON Pointer of its place.</summary>
internal readonly record struct JsonPlace(JsonElement Value, string Pointer);

/// <summary>An object of the input. Every member is asked for by name; what nobody asked for is refused at the end.</summary>
/// <remarks>A member that is missing or wrong is noted and read as null, so that one reading finds every error.</remarks>
internal sealed class JsonScope
{
    private readonly string _pointer;
    private readonly Dictionary<string, JsonElement> _unread = new(StringComparer.Ordinal);

    private JsonScope(JsonPlace place, PolicyReading reading)
    {
        _pointer = place.Pointer;
        Reading = reading;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in place.Value.EnumerateObject())
        {
            if (seen.Add(member.Name))
            {
                _unread.Add(member.Name, member.Value);
            }
            else
            {
                reading.Refuse(PointerTo(member.Name), "is there more than once");
            }
        }
    }

    public PolicyReading Reading { get; }

    /// <summary>Null, and noted, when the value is not an object.</summary>
    public static JsonScope? Open(JsonPlace place, PolicyReading reading)
    {
        if (place.Value.ValueKind is JsonValueKind.Object)
        {
            return new JsonScope(place, reading);
        }

        reading.Refuse(place.Pointer, "must be an object");
        return null;
    }

    public string PointerTo(string member) => $"{_pointer}/{Escape(member)}";

    public bool Has(string member) => _unread.ContainsKey(member);

    public bool HasText(string member, string text) =>
        _unread.TryGetValue(member, out var value) && value.ValueKind is JsonValueKind.String && value.ValueEquals(text);

    public void Refuse(string member, string detail) => Reading.Refuse(PointerTo(member), detail);

    /// <summary>The member's value, once; null when there is none, noted when it is needed.</summary>
    public JsonPlace? Take(string member, bool isNeeded = false)
    {
        if (_unread.Remove(member, out var value))
        {
            return new JsonPlace(value, PointerTo(member));
        }

        if (isNeeded)
        {
            Refuse(member, "is missing");
        }

        return null;
    }

    public JsonScope? TakeObject(string member, bool isNeeded = false) =>
        Take(member, isNeeded) is { } place ? Open(place, Reading) : null;

    /// <summary>The members that were not asked for yet, for objects whose names are data.</summary>
    public List<(string Name, JsonPlace Place)> TakeRest()
    {
        var rest = _unread.Select(m => (m.Key, new JsonPlace(m.Value, PointerTo(m.Key)))).ToList();
        _unread.Clear();
        return rest;
    }

    /// <summary>Names every member that nobody asked for.</summary>
    public void Close()
    {
        foreach (var member in _unread.Keys)
        {
            Refuse(member, "is not a member that exists here");
        }
    }

    private static string Escape(string member) =>
        member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
