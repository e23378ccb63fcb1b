using System.Collections.Frozen;

namespace MdmOrleans.Core.Compliance;

/// <summary>How the members of an enumeration are spelled in JSON, both ways: renaming a member must not change what is stored.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] pairs)
    where T : struct, Enum
{
    private readonly FrozenDictionary<string, T> _values = pairs.ToFrozenDictionary(p => p.Word, p => p.Value, StringComparer.Ordinal);
    private readonly FrozenDictionary<T, string> _words = pairs.ToFrozenDictionary(p => p.Value, p => p.Word);

    /// <summary>All of them, for people.</summary>
    public string List { get; } = string.Join(", ", pairs.Select(p => p.Word));

    public string this[T value] => _words[value];

    public bool TryRead(string word, out T value) => _values.TryGetValue(word, out value);
}
