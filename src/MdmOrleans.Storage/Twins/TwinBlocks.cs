using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MdmOrleans.Core;

namespace MdmOrleans.Storage.Twins;

/// <summary>The parts of a twin that have columns of their own, so that they travel only when they changed.</summary>
/// <remarks>In each of them null is 'as before', and <see cref="Nothing"/> is 'there is none any more'.</remarks>
internal static class TwinBlocks
{
    private static readonly byte[] Nothing = "null"u8.ToArray();

    public static ReadOnlyMemory<byte>? ChangedApps(in DeviceWrite write) =>
        Changed(write.Before?.Posture?.Apps ?? default, write.After.Posture?.Apps ?? default);

    public static ReadOnlyMemory<byte>? ChangedAttributes(in DeviceWrite write) =>
        Changed(write.Before?.Posture?.Attributes ?? default, write.After.Posture?.Attributes ?? default);

    /// <summary>The finished commands are written by <see cref="TwinCodec.WriteFinished"/>.</summary>
    public static bool HasChangedFinished(in DeviceWrite write)
    {
        var finished = write.After.Commands.Finished;
        return write.Before is { } before ? before.Commands.Finished != finished : !finished.IsEmpty; // an array is replaced, never changed
    }

    /// <returns>A JSON object of strings.</returns>
    public static string? ChangedLabels(in DeviceWrite write)
    {
        var labels = write.After.Labels;
        if (write.Before is { } before && (ReferenceEquals(before.Labels, labels) || before.Labels.SequenceEqual(labels)))
        {
            return null;
        }

        return new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))).ToJsonString();
    }

    /// <returns>A JSON object; see the migration that made the column.</returns>
    public static string? ChangedSearched(in DeviceWrite write)
    {
        var (before, after) = (write.Before, write.After);
        var isSame = before is not null && before.Posture?.Model == after.Posture?.Model && before.Owner == after.Owner
            && (before.Compliance.Findings == after.Compliance.Findings || Failing(before).SequenceEqual(Failing(after)));
        return isSame ? null : Searched(after);
    }

    public static string Searched(Device device) => new JsonObject
    {
        ["model"] = Searchable.Text(device.Posture?.Model),
        ["owner"] = Searchable.Text(device.Owner),
        ["failing"] = new JsonArray([.. Failing(device).Select(rule => JsonValue.Create(rule))]),
    }.ToJsonString();

    /// <summary>What a column holds, as a block.</summary>
    public static Utf8Block Read(byte[]? column) =>
        column is null || column.AsSpan().SequenceEqual(Nothing) ? default : new Utf8Block(column);

    public static ImmutableSortedDictionary<string, string> ReadLabels(string json)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty;
        if (json is "{}")
        {
            return labels;
        }

        using var document = JsonDocument.Parse(json);
        return labels.AddRange(document.RootElement.EnumerateObject().Select(
            label => KeyValuePair.Create(label.Name, label.Value.GetString()!))); // they were written as strings
    }

    private static IEnumerable<string> Failing(Device device) => device.Compliance.Findings.Select(finding => finding.Rule);

    private static ReadOnlyMemory<byte>? Changed(Utf8Block before, Utf8Block after)
    {
        if (before.IsSameAs(after) || before == after)
        {
            return null;
        }

        return after.IsAbsent ? Nothing : after.Memory;
    }
}
