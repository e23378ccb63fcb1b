using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>What a policy says of one app.</summary>
internal sealed record AppTerm
{
    /// <summary>Its place in the list of required apps; null: not required.</summary>
    public int? RequiredPlace { get; init; }

    public bool IsAllowed { get; init; }

    public bool IsBlocked { get; init; }
}

/// <summary>How far a required app is there, from worst to best: of several entries with one id, the best counts.</summary>
internal enum AppState : byte { Missing, TooOld, VersionUnknown, Fine }

/// <summary>One pass over the apps of a device as they came.</summary>
/// <param name="states">One for each required app, all <see cref="AppState.Missing"/>.</param>
/// <param name="complaints">Null when only the status is asked for.</param>
internal ref struct AppInspection(
    FrozenDictionary<byte[], AppTerm> terms, AppLists lists, Span<AppState> states, AppComplaints? complaints)
{
    private readonly FrozenDictionary<byte[], AppTerm>.AlternateLookup<ReadOnlySpan<byte>> _terms =
        terms.GetAlternateLookup<ReadOnlySpan<byte>>();

    private readonly Span<AppState> _states = states;
    private bool _violates;

    public RuleStatus Run(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception e) when (Rule.IsUnreadable(e))
        {
            return RuleStatus.Error;
        }
    }

    private RuleStatus Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
        {
            return RuleStatus.Error;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            if (!ReadApp(ref reader))
            {
                return RuleStatus.Error;
            }
        }

        return reader.TokenType is JsonTokenType.EndArray ? Conclude() : RuleStatus.Error;
    }

    /// <summary>False for an app without an id. Members that nobody knows are skipped.</summary>
    private bool ReadApp(ref Utf8JsonReader reader)
    {
        scoped ReadOnlySpan<byte> id = default;
        scoped ReadOnlySpan<byte> version = default;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            reader.Read();
            if (reader.TokenType is not JsonTokenType.String)
            {
                reader.Skip();
            }
            else if (name.SequenceEqual("id"u8))
            {
                id = Text(ref reader);
            }
            else if (name.SequenceEqual("version"u8))
            {
                version = Text(ref reader);
            }
        }

        if (id.IsEmpty)
        {
            return false;
        }

        Judge(id, version);
        return true;
    }

    private void Judge(scoped ReadOnlySpan<byte> id, scoped ReadOnlySpan<byte> version)
    {
        var isListed = _terms.TryGetValue(id, out var term);
        if (isListed && term!.IsBlocked) // listed, so there is a term
        {
            _violates = true;
            complaints?.Add(id, "is blocked");
        }
        else if (lists.Allowed is not null && !(isListed && term!.IsAllowed))
        {
            _violates = true;
            complaints?.Add(id, "is not allowed");
        }

        if (isListed && term!.RequiredPlace is { } place)
        {
            var state = StateOf(lists.Required[place].Minimum, version);
            if (state >= _states[place])
            {
                _states[place] = state;
                complaints?.Remember(place, version);
            }
        }
    }

    private readonly RuleStatus Conclude()
    {
        var isUnsure = false;
        var fails = _violates;
        for (var i = 0; i < _states.Length; i++)
        {
            isUnsure |= _states[i] is AppState.VersionUnknown;
            fails |= _states[i] is AppState.Missing or AppState.TooOld;
            complaints?.Conclude(i, lists.Required[i].Id, _states[i]);
        }

        return fails ? RuleStatus.Noncompliant : isUnsure ? RuleStatus.Unknown : RuleStatus.Compliant;
    }

    private static AppState StateOf(VersionLimit? minimum, scoped ReadOnlySpan<byte> version) => minimum switch
    {
        null => AppState.Fine,
        _ when version.IsEmpty => AppState.VersionUnknown,
        _ => DottedVersion.OfPrefix(version) >= minimum.Version ? AppState.Fine : AppState.TooOld,
    };

    // Escapes are legal here, and no agent sends them: they may allocate.
    private static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan; // neither a name nor a string is null
}
