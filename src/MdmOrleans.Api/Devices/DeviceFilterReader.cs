using System.Collections.Immutable;
using MdmOrleans.Api.Requests;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Api.Devices;

/// <summary>The filters of fleets, alike in the query of a list and in the body of an operation.</summary>
/// <param name="text">What the caller wrote under a name; null: nothing.</param>
/// <param name="refuse">Takes a name and what its value must be.</param>
internal sealed class DeviceFilterReader(Func<string, string?> text, Action<string, string> refuse)
{
    private const int MaxValues = 50;
    private const int MaxText = 256;
    private const string NotSeenSince = "notSeenSince";

    public static readonly string[] Names =
    [
        "lifecycle", "compliance", "access", "platform", "label", "serial", NotSeenSince, "model", "owner", "app", "rule", "osVersion",
    ];

    public DeviceFilter Read()
    {
        var search = new DeviceSearch
        {
            Lifecycle = Words<LifecycleState>("lifecycle", WireNames.ToWire),
            Compliance = Words<ComplianceStatus>("compliance", WireNames.ToWire),
            Access = Words<AccessLevel>("access", WireNames.ToWire),
            Platform = Words<Platform>("platform", WireNames.ToWire),
            Label = Values("label", IsLabel, "must be the name of a label, or name=value"),
            Serial = Texts("serial", DeviceBodies.MaxSerial),
            Model = Texts("model", MaxText),
            Owner = Texts("owner", DeviceBodies.MaxOwner),
            App = Texts("app", MaxText),
            Rule = Texts("rule", MaxText),
            OsVersion = Values(
                "osVersion", value => VersionCondition.TryParse(value, out _), "must be a version, e.g. 16.5, or one behind <, <=, >, >= or !"),
        };
        return new DeviceFilter { Search = search == new DeviceSearch() ? null : search, NotSeenSince = ReadNotSeenSince() };
    }

    private static bool IsLabel(string value) => !value.Contains('\0') && DeviceBodies.IsLabelName(value.Split('=', 2)[0]);

    private AnyOf Words<T>(string name, Func<T, string> toWire)
        where T : struct, Enum =>
        Values(name, value => WireName.Read(value, toWire) is not null, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(toWire))}");

    private AnyOf Texts(string name, int maxLength) => Values(
        name, value => value.Length >= 1 && value.Length <= maxLength && !value.Contains('\0'), $"must be 1 to {maxLength} characters");

    private AnyOf Values(string name, Func<string, bool> isValid, string otherwise)
    {
        if (text(name) is not { } written)
        {
            return default;
        }

        ImmutableArray<string> values = [.. written.Split(',')];
        if (values.Length > MaxValues)
        {
            refuse(name, $"must have at most {MaxValues} values");
        }
        else if (!values.All(isValid))
        {
            refuse(name, values.Length == 1 ? otherwise : $"is a list, of which each {otherwise}");
        }

        return new AnyOf(values);
    }

    private DateTimeOffset? ReadNotSeenSince()
    {
        if (text(NotSeenSince) is not { } written)
        {
            return null;
        }

        if (WireName.TryReadInstant(written, out var instant))
        {
            return instant;
        }

        refuse(NotSeenSince, "must be an RFC 3339 instant, e.g. 2026-11-24T03:00:00Z");
        return null;
    }
}
