using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>One value of the input and its place.</summary>
internal readonly record struct JsonPlace(JsonElement Value, JsonPath Path);

/// <summary>An object of the input. Every member is asked for by name; what nobody asked for is refused at the end.</summary>
/// <remarks>A member that is missing or wrong is noted and read as null, so that one reading finds every error.</remarks>
internal sealed class JsonScope
{
    private const int MaximumNameLength = 256;

    private readonly JsonPath _path;
    private readonly Dictionary<string, JsonElement> _unread = new(StringComparer.Ordinal);

    private JsonScope(JsonPlace place, PolicyReading reading)
    {
        _path = place.Path;
        Reading = reading;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in place.Value.EnumerateObject())
        {
            var name = member.Name;
            if (name.Length > MaximumNameLength && !reading.IsStored)
            {
                reading.Refuse(_path, $"has a member whose name is longer than {MaximumNameLength} characters");
            }
            else if (seen.Add(name))
            {
                _unread.Add(name, member.Value);
            }
            else
            {
                Refuse(name, "is duplicated");
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

        reading.Refuse(place.Path, "must be an object");
        return null;
    }

    public JsonPath PathTo(string member) => _path.Member(member);

    public bool Has(string member) => _unread.ContainsKey(member);

    public bool HasText(string member, string text) =>
        _unread.TryGetValue(member, out var value) && value.ValueKind is JsonValueKind.String && value.ValueEquals(text);

    public void Refuse(string member, string detail) => Reading.Refuse(PathTo(member), detail);

    /// <summary>The member's value, once; null when there is none, noted when it is needed.</summary>
    public JsonPlace? Take(string member, bool isNeeded = false)
    {
        if (_unread.Remove(member, out var value))
        {
            return new JsonPlace(value, PathTo(member));
        }

        if (isNeeded)
        {
            Refuse(member, "is required");
        }

        return null;
    }

    public JsonScope? TakeObject(string member, bool isNeeded = false) =>
        Take(member, isNeeded) is { } place ? Open(place, Reading) : null;

    /// <summary>The members that were not asked for yet, for objects whose names are data.</summary>
    public List<(string Name, JsonPlace Place)> TakeRest()
    {
        var rest = _unread.Select(m => (m.Key, new JsonPlace(m.Value, PathTo(m.Key)))).ToList();
        _unread.Clear();
        return rest;
    }

    /// <summary>Names every member that nobody asked for.</summary>
    public void Close()
    {
        foreach (var member in _unread.Keys)
        {
            Refuse(member, "is not a known member");
        }
    }
}
