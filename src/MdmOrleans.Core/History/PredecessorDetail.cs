using System.Text.Json;

namespace MdmOrleans.Core.History;

/// <summary>What a new chain says of the deleted device that had its name before.</summary>
public static class PredecessorDetail
{
    private const string Member = "predecessor";

    internal static void Write(Utf8JsonWriter json, Tombstone predecessor)
    {
        json.WriteStartObject(Member);
        json.WriteNumber("number", predecessor.Head.Number);
        json.WriteString("hash", Convert.ToHexStringLower(predecessor.Head.Hash.Span));
        json.WriteString("deletedAt", predecessor.DeletedAt);
        json.WriteString("deletedBy", predecessor.Actor);
        json.WriteEndObject();
    }

    /// <summary>True when <paramref name="created"/>, the first event of a history, says what <paramref name="tombstone"/> does.</summary>
    /// <param name="tombstone">Null: nothing of this name was deleted before.</param>
    public static bool Matches(DeviceEvent created, Tombstone? tombstone)
    {
        using var detail = JsonDocument.Parse(created.Detail.Memory);
        if (!detail.RootElement.TryGetProperty(Member, out var said))
        {
            return tombstone is null;
        }

        return tombstone is not null
            && said.TryGetProperty("number", out var number) && number.GetInt64() == tombstone.Head.Number
            && PastDetails.Text(said, "hash") == Convert.ToHexStringLower(tombstone.Head.Hash.Span);
    }
}
