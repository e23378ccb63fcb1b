using System.Text;
using System.Text.Json;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk.Commands;

/// <summary>Remembers which commands were begun and how they ended, so that an id runs once even across a restart of the agent.</summary>
/// <remarks>
/// A file of JSON lines that is appended to and synced before the command runs, and written anew when it has grown. Writing is
/// synchronous: a command that is not on disk yet must not run, and there are few of them.
/// </remarks>
/// <param name="capacity">Commands that it remembers; the oldest are forgotten.</param>
internal sealed class CommandJournal(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, JournalEntry> _entries = new(StringComparer.Ordinal); // oldest first
    private FileStream? _file;
    private string _path = "";
    private int _lines;

    /// <summary>Reads what an earlier run wrote. Without it the journal lives in memory.</summary>
    /// <exception cref="IOException">It cannot be read or written, or another agent has it open.</exception>
    public void Open(string path)
    {
        lock (_gate)
        {
            _path = path;
            _file = OpenPrivate(path, FileMode.OpenOrCreate);
            Replay(_file);
            _file = Rewrite(_file);
        }
    }

    /// <summary>What is known of a command; null where it never began, or may begin again.</summary>
    public JournalEntry? Find(string id)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(id, out var entry) ? entry : null;
        }
    }

    /// <summary>Final reports that the server has not acknowledged, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Unacknowledged()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Where(e => e is { Report: not null, Acknowledged: false })];
        }
    }

    /// <summary>Stored when this returns: the command may run.</summary>
    public void Begin(string id) => Write(new JournalEntry(id));

    public void Finish(string id, CommandReport report) => Write(new JournalEntry(id, report));

    /// <summary>It may run again.</summary>
    public void Forget(string id) => Write(new JournalEntry(id, Forgotten: true));

    /// <summary>The server has <paramref name="report"/>, which is of interest where it was the final one.</summary>
    public void Acknowledge(string id, CommandReport report)
    {
        if (Find(id) is { Acknowledged: false } entry && ReferenceEquals(entry.Report, report))
        {
            Write(entry with { Acknowledged = true });
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Write(JournalEntry entry)
    {
        lock (_gate)
        {
            Apply(entry);
            if (_file is not null)
            {
                Append(_file, entry);
                _file.Flush(flushToDisk: true);
                if (++_lines > 4 * capacity)
                {
                    _file = Rewrite(_file);
                }
            }
        }
    }

    private void Apply(JournalEntry entry)
    {
        if (entry.Forgotten)
        {
            _entries.Remove(entry.Id);
            return;
        }

        _entries[entry.Id] = entry;
        if (_entries.Count > capacity)
        {
            _entries.RemoveAt(0);
        }
    }

    private static void Append(FileStream file, JournalEntry entry) =>
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), (byte)'\n']);

    private void Replay(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (TryRead(line) is { } entry)
            {
                Apply(entry);
            }
        }

        foreach (var cutOff in _entries.Values.Where(e => e.Report is null).ToArray())
        {
            _entries[cutOff.Id] = cutOff with { Report = Interrupted };
        }
    }

    /// <summary>Results may be confidential, so that only the owner reads them; and only one agent at a time writes them.</summary>
    private static FileStream OpenPrivate(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static CommandReport Interrupted { get; } = new(
        ReportStatusNames.Failed, "interrupted", "The agent stopped while the command ran; whether it took effect is not known.");

    /// <summary>Null for a line that a crash cut off; what it was about to say had not happened yet.</summary>
    private static JournalEntry? TryRead(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps only what counts. The new file replaces the old one in one step, so that a crash leaves either.</summary>
    private FileStream Rewrite(FileStream old)
    {
        var fresh = OpenPrivate(_path + ".new", FileMode.Create);
        foreach (var entry in _entries.Values)
        {
            Append(fresh, entry);
        }

        fresh.Flush(flushToDisk: true);
        File.Move(fresh.Name, _path, overwrite: true);
        _lines = _entries.Count;
        old.Dispose();
        return fresh;
    }
}
