using System.Text.Json;
using System.Text.Json.Nodes;

namespace MdmOrleans.Api.Bodies;

/// <summary>JSON Merge Patch as RFC 7396 has it.</summary>
internal static class MergePatch
{
    /// <param name="target">JSON that we wrote.</param>
    /// <param name="patch">JSON that was checked.</param>
    public static byte[] Apply(ReadOnlySpan<byte> target, ReadOnlySpan<byte> patch) =>
        JsonSerializer.SerializeToUtf8Bytes(Apply(JsonNode.Parse(target), JsonNode.Parse(patch)));

    /// <summary>Whether a patch says anything about a member of the resource itself.</summary>
    public static bool Mentions(ReadOnlySpan<byte> patch, string member) => JsonNode.Parse(patch) is JsonObject members && members.ContainsKey(member);

    private static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject ? (JsonObject)target.DeepClone() : [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Apply(merged[name], value);
            }
        }

        return merged;
    }
}
