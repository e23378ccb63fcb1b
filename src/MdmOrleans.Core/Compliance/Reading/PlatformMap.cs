using System.Text.Json;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Reads and writes an object whose members are platforms.</summary>
internal static class PlatformMap
{
    /// <summary>A sorted map; empty when the member is missing. Unknown platforms are noted.</summary>
    public static SortedDictionary<Platform, T> TakePlatforms<T>(this JsonScope scope, string member, Func<PolicyReading, JsonPlace, T?> read)
        where T : class
    {
        var map = new SortedDictionary<Platform, T>();
        if (scope.TakeObject(member) is not { } platforms)
        {
            return map;
        }

        var entries = platforms.TakeRest();
        if (entries.Count == 0)
        {
            scope.Refuse(member, "must name at least one platform");
        }

        foreach (var (name, place) in entries)
        {
            if (!PolicyWords.Platforms.TryRead(name, out var platform))
            {
                scope.Reading.Refuse(place.Pointer, $"is not a platform; there are {PolicyWords.Platforms.List}");
            }
            else if (read(scope.Reading, place) is { } value)
            {
                map.Add(platform, value);
            }
        }

        return map;
    }

    public static void WritePlatforms<T>(this Utf8JsonWriter json, string member, SortedDictionary<Platform, T> map, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(member);
        foreach (var (platform, value) in map)
        {
            json.WritePropertyName(platform.ToWire());
            write(json, value);
        }

        json.WriteEndObject();
    }
}
