using System.Text.Json;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Sdk.CheckIns;

/// <summary>Leaves out the apps and attributes that the server has acknowledged and that are still the same.</summary>
internal sealed class Inventory(TimeProvider time)
{
    /// <summary>Everything goes out this often even unchanged, for a server that was restored from a backup.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromHours(24);

    private IReadOnlyList<InstalledApp>? _apps;
    private JsonElement? _attributes;
    private long _completeAt;
    private bool _known;

    /// <param name="everything">Leave nothing out.</param>
    public CheckInMessage LeaveOutKnown(CheckInMessage posture, bool everything)
    {
        if (everything || !_known || time.GetElapsedTime(_completeAt) >= Refresh)
        {
            return posture;
        }

        return posture with
        {
            Apps = SameApps(posture.Apps, _apps) ? null : posture.Apps,
            Attributes = SameAttributes(posture.Attributes, _attributes) ? null : posture.Attributes,
        };
    }

    /// <summary>The server has stored <paramref name="sent"/>, which <see cref="LeaveOutKnown"/> returned.</summary>
    public void Acknowledged(CheckInMessage sent)
    {
        if (sent.Apps is not null && sent.Attributes is not null)
        {
            _completeAt = time.GetTimestamp();
        }

        _known = true;
        _apps = sent.Apps ?? _apps;
        _attributes = sent.Attributes ?? _attributes;
    }

    private static bool SameApps(IReadOnlyList<InstalledApp>? one, IReadOnlyList<InstalledApp>? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && one.SequenceEqual(other));

    private static bool SameAttributes(JsonElement? one, JsonElement? other) =>
        one is { } a && other is { } b && JsonElement.DeepEquals(a, b);
}
