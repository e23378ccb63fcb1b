using System.Globalization;
using System.Text;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>Where a value stands in the input: a link to the place around it. The JSON Pointer is rendered only for an error.</summary>
/// <remarks>A pointer for every value is as long as all names around it together: 1 MB of input made hundreds of gigabytes of pointers.</remarks>
internal sealed class JsonPath
{
    private readonly JsonPath? _parent;
    private readonly string? _member;
    private readonly int _index;

    private JsonPath(JsonPath? parent, string? member, int index) => (_parent, _member, _index) = (parent, member, index);

    public static JsonPath Root { get; } = new(null, null, 0);

    public JsonPath Member(string name) => new(this, name, 0);

    public JsonPath Item(int index) => new(this, null, index);

    /// <summary>The JSON Pointer (RFC 6901).</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (_parent is null)
        {
            return;
        }

        _parent.Append(text); // no deeper than the reader lets the input be
        text.Append('/').Append(
            _member?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            ?? _index.ToString(CultureInfo.InvariantCulture));
    }
}
