using System.Text;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>What is wrong with the apps of a device, for people: the first few, and how many more.</summary>
internal sealed class AppComplaints(int maximum)
{
    private readonly List<string> _named = new(maximum);
    private readonly Dictionary<int, string> _versions = [];
    private int _count;

    public void Add(ReadOnlySpan<byte> id, string complaint)
    {
        if (_count++ < maximum)
        {
            _named.Add($"{Listing.Shorten(Encoding.UTF8.GetString(id))} {complaint}");
        }
    }

    /// <summary>Keeps the version of a required app until it is known whether a better one comes.</summary>
    public void Remember(int place, ReadOnlySpan<byte> version) => _versions[place] = Listing.Shorten(Encoding.UTF8.GetString(version));

    public void Conclude(int place, string id, AppState state)
    {
        if (state is not AppState.Fine && _count++ < maximum)
        {
            _named.Add(state switch
            {
                AppState.Missing => $"{id} is missing",
                AppState.TooOld => $"{id} is {_versions[place]}",
                _ => $"{id} has no version",
            });
        }
    }

    /// <summary>"as required" where there is none.</summary>
    public override string ToString() => _count switch
    {
        0 => "as required",
        _ when _count > maximum => $"{string.Join(", ", _named)} and {_count - maximum} more",
        _ => string.Join(", ", _named),
    };
}
