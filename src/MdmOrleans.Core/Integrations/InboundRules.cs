using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Attributes;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Integrations;

/// <summary>What a webhook asks for, in our own terms.</summary>
/// <param name="Reason">Null: the device is to be provisioned, or nothing at all is to happen.</param>
/// <param name="IsIgnored">It speaks of something that is nothing to us.</param>
public sealed record InboundRequest(
    string? Device,
    string? Serial,
    TransitionReason? Reason,
    Platform? Platform,
    ImmutableSortedDictionary<string, string> Labels,
    string? Note,
    bool IsIgnored)
{
    /// <summary>The move that it comes down to; null where it is none.</summary>
    public LifecycleState? To => Reason switch
    {
        TransitionReason.Lost or TransitionReason.Stolen => LifecycleState.Quarantined,
        TransitionReason.Found => LifecycleState.Active,
        TransitionReason.Disposed => LifecycleState.Retired,
        _ => null,
    };
}

/// <summary>Reads the bodies of webhooks by their tenant's mapping.</summary>
public static class InboundRules
{
    public const string Provision = "provision";
    private const int MaxText = 256;

    /// <summary>How a move is spelled outside.</summary>
    public static string ActionOf(TransitionReason reason) => reason switch
    {
        TransitionReason.Lost => "lost",
        TransitionReason.Stolen => "stolen",
        TransitionReason.Found => "found",
        TransitionReason.Disposed => "disposed",
        TransitionReason.Operator => "operator",
        _ => throw new UnreachableException($"No wire name for {reason}"),
    };

    /// <param name="body">JSON that <see cref="InboundContent"/> found nothing wrong with.</param>
    public static Outcome<InboundRequest> Read(InboundSystem system, InboundMapping mapping, ReadOnlySpan<byte> body)
    {
        var (device, serial) = (TextAt(body, mapping.Device), TextAt(body, mapping.Serial));
        var word = system == InboundSystem.Itsm ? TextAt(body, mapping.Event) : null;
        var meaning = word is null ? null : mapping.Events.FirstOrDefault(e => e.Key.Equals(word, StringComparison.OrdinalIgnoreCase)).Value;
        TransitionReason? reason = (system, meaning) switch
        {
            (InboundSystem.Itsm, "lost") => TransitionReason.Lost,
            (InboundSystem.Itsm, "stolen") => TransitionReason.Stolen,
            (InboundSystem.Itsm, "found") => TransitionReason.Found,
            (InboundSystem.Disposal, _) => TransitionReason.Disposed,
            _ => null,
        };
        var isIgnored = system == InboundSystem.Itsm && reason is null; // most tickets are about something else
        if (!isIgnored && device is null && serial is null)
        {
            return ProblemCatalog.InboundDeviceMissing;
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (label, pointer) in system == InboundSystem.Hr ? mapping.Labels : mapping.Labels.Clear())
        {
            if (TextAt(body, pointer) is { } value)
            {
                labels[label] = value;
            }
        }

        return new InboundRequest(
            device, serial, reason, WireNames.ToPlatform(TextAt(body, mapping.Platform)), labels.ToImmutable(), TextAt(body, mapping.Note), isIgnored);
    }

    /// <summary>The text that stands there; of an object, as ServiceNow has references, what it shows, or else its value.</summary>
    private static string? TextAt(ReadOnlySpan<byte> body, string? pointer)
    {
        if (pointer is null || JsonPointer.TryCreate(pointer) is not { } path)
        {
            return null;
        }

        var reader = new Utf8JsonReader(body);
        if (!path.TryFollow(ref reader, 0))
        {
            return null;
        }

        return reader.TokenType switch
        {
            JsonTokenType.String => Clean(reader.GetString()),
            JsonTokenType.StartObject => TextAt(body, pointer + "/display_value") ?? TextAt(body, pointer + "/value"),
            _ => null,
        };
    }

    private static string? Clean(string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > MaxText ? null : text.Trim();
}
