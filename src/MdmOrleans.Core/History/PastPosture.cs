using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Core.History;

/// <summary>A posture as its event keeps it.</summary>
internal static class PastPosture
{
    public static Posture Read(Utf8Block detail)
    {
        using var document = JsonDocument.Parse(detail.Memory);
        var json = document.RootElement;
        return new Posture
        {
            Platform = WireNames.ToPlatform(PastDetails.Text(json, "platform")) ?? Platform.Other,
            OsVersion = PastDetails.Text(json, "osVersion") ?? "0",
            EncryptionStatus = WireNames.ToEncryptionStatus(PastDetails.Text(json, "encryptionStatus")) ?? EncryptionStatus.Unknown,
            KeyProtectEnabled = Flag(json, "keyProtectEnabled"),
            Jailbroken = Flag(json, "jailbroken"),
            PasscodeSet = Flag(json, "passcodeSet"),
            PatchLevel = DateOnly.TryParseExact(
                PastDetails.Text(json, "patchLevel"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            Model = PastDetails.Text(json, "model"),
            Serial = PastDetails.Text(json, "serial"),
            TimeZone = PastDetails.Text(json, "timeZone"),
            Attributes = json.TryGetProperty("attributes", out var attributes) ? Nest(attributes) : default,
        };
    }

    private static bool? Flag(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>Puts what stands by its JSON Pointer back into place. Items of arrays become members, which a pointer finds all the same.</summary>
    private static Utf8Block Nest(JsonElement attributes)
    {
        var root = new JsonObject();
        foreach (var attribute in attributes.EnumerateObject())
        {
            string[] names = [.. attribute.Name[1..].Split('/').Select(Unescape)];
            var place = root;
            foreach (var name in names[..^1])
            {
                if (place[name] is not JsonObject inner)
                {
                    place[name] = inner = [];
                }

                place = inner;
            }

            place[names[^1]] = JsonNode.Parse(attribute.Value.GetRawText());
        }

        return root["attributes"] is { } nested ? Utf8Block.FromText(nested.ToJsonString()) : default;
    }

    private static string Unescape(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
