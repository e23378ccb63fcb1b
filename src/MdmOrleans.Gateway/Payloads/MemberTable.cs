using System.Text;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>The members that a payload can have; their places stand for them.</summary>
internal sealed class MemberTable(params string[] names)
{
    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <param name="hint">The place of the member before: agents write their members in one order, which makes this one comparison.</param>
    /// <returns>-1 when there is no such member.</returns>
    public int IndexOf(ReadOnlySpan<byte> name, int hint)
    {
        for (var step = 1; step <= _names.Length; step++)
        {
            var at = (hint + step) % _names.Length;
            if (name.SequenceEqual(_names[at]))
            {
                return at;
            }
        }

        return -1;
    }
}

/// <summary>What must be in each object of an array: one string that is needed, and one that may be absent.</summary>
internal sealed record ItemRules(string Array, string Required, string Optional, int MaximumLength)
{
    public string RequiredPath { get; } = $"{Array}.{Required}";

    public string OptionalPath { get; } = $"{Array}.{Optional}";
}
