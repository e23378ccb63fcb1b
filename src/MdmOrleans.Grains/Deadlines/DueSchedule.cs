using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>What one shard has to do and when: the earliest first, each device once, and whoever fails later and later.</summary>
/// <remarks>Pure but for its own state; used by one thread at a time.</remarks>
internal sealed class DueSchedule
{
    /// <summary>So many failing devices are remembered; more are forgotten until the next look finds them again.</summary>
    private const int MaxFailing = 512;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<DeviceId, DueEntry> _entries = [];
    private readonly PriorityQueue<(DueEntry Entry, int Stamp), DateTimeOffset> _waiting = new();
    private int _failing;

    /// <summary>Devices that wait for their instant and did not fail.</summary>
    public int Fresh { get; private set; }

    public int Acting { get; private set; }

    /// <summary>When the next one is to act; null when nobody waits.</summary>
    public DateTimeOffset? NextAt => SkipStale() ? _waiting.TryPeek(out _, out var at) ? at : null : null;

    /// <summary>Since when the longest waiting device is due, whether it waits, acts or fails; null when there is none.</summary>
    public DateTimeOffset? OldestDueAt => _entries.Count == 0 ? null : _entries.Values.Min(entry => entry.DueAt);

    /// <summary>Forgets whoever is not acting; the next look finds them again.</summary>
    public void Clear()
    {
        foreach (var entry in _entries.Values.Where(entry => !entry.IsActing).ToList())
        {
            _entries.Remove(entry.Id);
        }

        _waiting.Clear();
        Fresh = 0;
        _failing = _entries.Values.Count(entry => entry.Failures > 0);
    }

    /// <summary>Takes over what the database says. A device that is acting, or that failed, stays as it is.</summary>
    public void Add(DueDevice due, int generation)
    {
        if (!_entries.TryGetValue(due.Id, out var entry))
        {
            Wait(new DueEntry(due.Id) { DueAt = due.DueAt, Version = due.Version, Twin = due.Twin, Generation = generation });
        }
        else if (!entry.IsActing && entry.Failures == 0)
        {
            (entry.Version, entry.Twin, entry.Generation) = (due.Version, due.Twin, generation);
            Move(entry, due.DueAt);
        }
    }

    /// <summary>The device said that it is due then, so it is awake and brings no twin.</summary>
    public void Add(DeviceId id, DateTimeOffset dueAt)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            Wait(new DueEntry(id) { DueAt = dueAt });
        }
        else if (entry.IsActing)
        {
            entry.Again = Earlier(entry.Again, dueAt);
        }
        else if (dueAt < entry.DueAt)
        {
            Move(entry, dueAt);
        }
    }

    /// <summary>The next device whose time has come; it is acting from then on, until it is <see cref="Complete"/> or has <see cref="Fail"/>ed.</summary>
    public DueEntry? TakeDue(DateTimeOffset now)
    {
        if (NextAt is not { } at || at > now)
        {
            return null;
        }

        var entry = _waiting.Dequeue().Entry;
        (entry.IsActing, entry.Again) = (true, null);
        Acting++;
        Fresh -= entry.Failures == 0 ? 1 : 0;
        return entry;
    }

    /// <param name="again">When it is due again, if that is near; null when it is not.</param>
    public void Complete(DueEntry entry, DateTimeOffset? again)
    {
        Leave(entry);
        if (Earlier(entry.Again, again) is { } next)
        {
            Wait(new DueEntry(entry.Id) { DueAt = next });
        }
    }

    /// <summary>It stays due, and is tried again after a pause that doubles.</summary>
    public void Fail(DueEntry entry, DateTimeOffset now)
    {
        var failures = entry.Failures + 1;
        Leave(entry);
        if (_failing < MaxFailing)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 16));
            entry = new DueEntry(entry.Id) { DueAt = entry.DueAt, Failures = failures };
            _failing++;
            _entries[entry.Id] = entry;
            _waiting.Enqueue((entry, entry.Stamp), now + (pause < LongestPause ? pause : LongestPause));
        }
    }

    private void Wait(DueEntry entry)
    {
        Fresh++;
        _entries[entry.Id] = entry;
        _waiting.Enqueue((entry, entry.Stamp), entry.DueAt);
    }

    private void Move(DueEntry entry, DateTimeOffset dueAt)
    {
        if (entry.DueAt == dueAt)
        {
            return;
        }

        if (entry.Failures > 0)
        {
            _failing--;
            Fresh++;
        }

        (entry.DueAt, entry.Failures) = (dueAt, 0);
        _waiting.Enqueue((entry, ++entry.Stamp), dueAt); // the place that it had is stale now
    }

    private void Leave(DueEntry entry)
    {
        Acting--;
        _failing -= entry.Failures > 0 ? 1 : 0;
        _entries.Remove(entry.Id);
    }

    private bool SkipStale()
    {
        while (_waiting.TryPeek(out var first, out _) && first.Stamp != first.Entry.Stamp)
        {
            _waiting.Dequeue();
        }

        return _waiting.Count > 0;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}

/// <summary>One device of a <see cref="DueSchedule"/>.</summary>
internal sealed class DueEntry(DeviceId id)
{
    public DeviceId Id { get; } = id;

    public required DateTimeOffset DueAt { get; set; }

    /// <summary>0 when the database was not asked.</summary>
    public long Version { get; set; }

    /// <summary>As it was read; null when it was not.</summary>
    public Device? Twin { get; set; }

    /// <summary>Of the <see cref="TwinHandover"/> when the twin was read.</summary>
    public int Generation { get; set; }

    public int Failures { get; set; }

    public bool IsActing { get; set; }

    /// <summary>Due again, said while it acts.</summary>
    public DateTimeOffset? Again { get; set; }

    /// <summary>Counts its moves, so that the places that it left are known.</summary>
    public int Stamp { get; set; }
}
