using System.Text.Encodings.Web;
using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance;

/// <summary>Writes a policy so that two policies that say the same are the same bytes.</summary>
/// <remarks>Members in one order, defaults of the policy spelled out: what was stored keeps its meaning when a default changes.</remarks>
public static class PolicyWriter
{
    internal static JsonWriterOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8Block Write(Policy policy)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            WriteMembers(json, policy);
            json.WriteEndObject();
        }

        return new Utf8Block(buffer.ToArray());
    }

    private static void WriteMembers(Utf8JsonWriter json, Policy policy)
    {
        json.WriteString("name", policy.Name);
        if (policy.Platforms is { } platforms)
        {
            json.WritePlatforms(platforms);
        }

        json.WriteStartArray("rules");
        foreach (var rule in policy.Rules)
        {
            rule.Write(json);
        }

        json.WriteEndArray();
        json.WriteNumber("graceHours", JsonValues.ToHours(policy.Grace));
        LadderReader.Write(json, policy.OnNoncompliance);
        json.WriteString("onRetire", PolicyWords.Retirements[policy.OnRetire]);
        if (policy.PatchWindow is { } window)
        {
            PatchWindowReader.Write(json, window);
        }

        json.WriteNumber("checkInSeconds", (int)policy.CheckInInterval.TotalSeconds);
    }
}
