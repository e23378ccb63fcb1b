using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>An app that must be there, and in which version at least.</summary>
internal sealed record RequiredApp(string Id, VersionLimit? Minimum);

/// <summary>The lists of an <c>apps</c> rule as the policy writes them.</summary>
/// <param name="Allowed">Null: whatever is not blocked.</param>
internal sealed record AppLists(string[] Blocked, RequiredApp[] Required, string[]? Allowed)
{
    private const int MaximumItems = 1000;
    private const int MaximumIdLength = 200;

    public static AppLists? Read(JsonScope scope)
    {
        if (!scope.Has("blocked") && !scope.Has("required") && !scope.Has("allowed"))
        {
            scope.Refuse("blocked", "is required, or another one of blocked, required, allowed");
        }

        var isAllowList = scope.Has("allowed");
        var blocked = ReadIds(scope, "blocked", minimum: 1);
        var required = ReadRequired(scope);
        var allowed = ReadIds(scope, "allowed", minimum: 0);
        RefuseContradictions(scope, [.. blocked], [.. allowed], isAllowList, required);
        return scope.Reading.Failed ? null : new AppLists(blocked, [.. required.Select(r => r.App)], isAllowList ? allowed : null);
    }

    public void Write(Utf8JsonWriter json)
    {
        WriteIds(json, "blocked", Blocked.Length == 0 ? null : Blocked);
        if (Required.Length > 0)
        {
            json.WriteStartArray("required");
            foreach (var app in Required)
            {
                json.WriteStartObject();
                json.WriteString("id", app.Id);
                if (app.Minimum is not null)
                {
                    json.WriteString("minimumVersion", app.Minimum.Text);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteIds(json, "allowed", Allowed);
    }

    private static void WriteIds(Utf8JsonWriter json, string member, string[]? ids)
    {
        if (ids is null)
        {
            return;
        }

        json.WriteStartArray(member);
        foreach (var id in ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    private static string[] ReadIds(JsonScope scope, string member, int minimum)
    {
        var ids = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in scope.TakeArray(member, minimum, MaximumItems) ?? [])
        {
            if (scope.Reading.ReadText(item, MaximumIdLength) is { } id)
            {
                RefuseTwice(scope.Reading, seen, id, item.Path);
                ids.Add(id);
            }
        }

        return [.. ids];
    }

    private static List<(RequiredApp App, JsonPath Path)> ReadRequired(JsonScope scope)
    {
        var apps = new List<(RequiredApp, JsonPath)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in scope.TakeArray("required", 1, MaximumItems) ?? [])
        {
            if (JsonScope.Open(item, scope.Reading) is not { } app)
            {
                continue;
            }

            var id = app.TakeText("id", MaximumIdLength, isNeeded: true);
            var minimum = app.Take("minimumVersion") is { } place ? VersionLimit.Read(scope.Reading, place) : null;
            app.Close();
            if (id is not null)
            {
                RefuseTwice(scope.Reading, seen, id, app.PathTo("id"));
                apps.Add((new RequiredApp(id, minimum), app.PathTo("id")));
            }
        }

        return apps;
    }

    private static void RefuseTwice(PolicyReading reading, HashSet<string> seen, string id, JsonPath path)
    {
        if (!seen.Add(id))
        {
            reading.Refuse(path, "is listed more than once");
        }
    }

    /// <summary>A rule that no device can pass is a mistake, and one that quarantines a fleet.</summary>
    private static void RefuseContradictions(
        JsonScope scope, HashSet<string> blocked, HashSet<string> allowed, bool isAllowList, List<(RequiredApp App, JsonPath Path)> required)
    {
        foreach (var (app, path) in required)
        {
            if (blocked.Contains(app.Id))
            {
                scope.Reading.Refuse(path, "is required and blocked");
            }
            else if (isAllowList && !allowed.Contains(app.Id))
            {
                scope.Reading.Refuse(path, "is required and not allowed");
            }
        }
    }
}
