using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk.Commands;

/// <summary>One line of the journal; the last one of an id counts.</summary>
/// <param name="Report">Its final report; null while it runs.</param>
/// <param name="Acknowledged">The server has the final report.</param>
/// <param name="Forgotten">It did not run to an end and may run again.</param>
internal sealed record JournalEntry(string Id, CommandReport? Report = null, bool Acknowledged = false, bool Forgotten = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
