using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Reads and writes lists of platforms, and objects whose members are platforms.</summary>
internal static class PlatformMap
{
    private const string ListMember = "platforms";

    /// <summary>The member <c>platforms</c>, sorted; null when it is missing. Unknown and repeated ones are noted.</summary>
    public static ImmutableArray<Platform>? TakePlatformList(this JsonScope scope)
    {
        if (scope.TakeArray(ListMember, 1, Enum.GetValues<Platform>().Length) is not { } items)
        {
            return null;
        }

        var platforms = new SortedSet<Platform>();
        foreach (var item in items)
        {
            if (scope.Reading.ReadWord(item, PolicyWords.Platforms) is { } platform && !platforms.Add(platform))
            {
                scope.Reading.Refuse(item.Path, "is listed more than once");
            }
        }

        return [.. platforms];
    }

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
                scope.Reading.Refuse(place.Path, $"is not a platform. The platforms are {PolicyWords.Platforms.List}");
            }
            else if (read(scope.Reading, place) is { } value)
            {
                map.Add(platform, value);
            }
        }

        return map;
    }

    public static void WritePlatforms(this Utf8JsonWriter json, ImmutableArray<Platform> platforms)
    {
        json.WriteStartArray(ListMember);
        foreach (var platform in platforms)
        {
            json.WriteStringValue(platform.ToWire());
        }

        json.WriteEndArray();
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
