using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Abstractions.Integrations;
using MdmOrleans.Api.Devices;
using MdmOrleans.Contracts.Http.Integrations;
using MdmOrleans.Core;
using MdmOrleans.Core.Integrations;

namespace MdmOrleans.Api.Integrations;

internal static class InboundWire
{
    private const string NotAPointer = "must be a JSON Pointer, e.g. /result/number";
    private const int MaxEntries = 32;

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static InboundSystem? ToSystem(string? text) => text switch
    {
        InboundSystemNames.Hr => InboundSystem.Hr,
        InboundSystemNames.Itsm => InboundSystem.Itsm,
        InboundSystemNames.Disposal => InboundSystem.Disposal,
        _ => null,
    };

    public static string ToWire(this InboundResult result) => result switch
    {
        InboundResult.Applied => "applied",
        InboundResult.Unchanged => "unchanged",
        InboundResult.Held => "held",
        InboundResult.Ignored => "ignored",
        InboundResult.DryRun => "dryRun",
        _ => throw new UnreachableException($"No wire name for {result}"),
    };

    public static InboundBody ToBody(this InboundReceipt receipt, string delivery) => new()
    {
        Delivery = delivery,
        Duplicate = receipt.IsDuplicate,
        Result = receipt.Result.ToWire(),
        Device = receipt.Device,
        Action = receipt.Action,
    };

    public static InboundSettingsBody ToBody(this InboundSettings settings, string system) => new()
    {
        System = system,
        Mapping = new InboundMappingBody
        {
            Device = settings.Mapping.Device,
            Serial = settings.Mapping.Serial,
            Event = settings.Mapping.Event,
            Events = settings.Mapping.Events,
            Platform = settings.Mapping.Platform,
            Labels = settings.Mapping.Labels,
            Note = settings.Mapping.Note,
        },
        DryRun = settings.IsDryRun,
    };

    /// <returns>Where it is wrong.</returns>
    public static ImmutableArray<ProblemError> Read(this InboundSettingsRequest request, InboundSystem system, out InboundSettings settings)
    {
        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        var mapping = InboundMapping.Default(system);
        if (request.Mapping is { } body)
        {
            mapping = new InboundMapping
            {
                Device = body.Device,
                Serial = body.Serial,
                Event = body.Event,
                Events = body.Events?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? None,
                Platform = body.Platform,
                Labels = body.Labels?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? None,
                Note = body.Note,
            };
            Check(body, errors);
        }

        settings = new InboundSettings(mapping, request.DryRun ?? false);
        return errors.DrainToImmutable();
    }

    private static void Check(InboundMappingBody body, ImmutableArray<ProblemError>.Builder errors)
    {
        Refuse(body.Device is not null || body.Serial is not null, "", "must say where to find the device or its serial number");
        Refuse(InboundMapping.IsPointer(body.Device), "/device", NotAPointer);
        Refuse(InboundMapping.IsPointer(body.Serial), "/serial", NotAPointer);
        Refuse(InboundMapping.IsPointer(body.Event), "/event", NotAPointer);
        Refuse(InboundMapping.IsPointer(body.Platform), "/platform", NotAPointer);
        Refuse(InboundMapping.IsPointer(body.Note), "/note", NotAPointer);
        Refuse(body.Events is not { } events || IsMap(events, IsEvent), "/events", "must have at most 32 words, each mapped to lost, stolen or found");
        Refuse(body.Labels is not { } labels || IsMap(labels, IsLabel), "/labels", "must have at most 32 labels, each with a JSON Pointer");

        static bool IsMap(IReadOnlyDictionary<string, string> map, Func<KeyValuePair<string, string>, bool> isEntry) =>
            map.Count <= MaxEntries && map.All(isEntry);

        static bool IsEvent(KeyValuePair<string, string> entry) => entry.Value is "lost" or "stolen" or "found";

        static bool IsLabel(KeyValuePair<string, string> entry) =>
            DeviceBodies.IsLabelName(entry.Key) && entry.Value is { } pointer && InboundMapping.IsPointer(pointer);

        void Refuse(bool isFine, string pointer, string otherwise)
        {
            if (!isFine)
            {
                errors.Add(new ProblemError("/mapping" + pointer, otherwise));
            }
        }
    }
}
