using System.Text;
using System.Text.Json;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>The strict walk over what is not read member by member.</summary>
internal ref partial struct PayloadReader
{
    private void ReadItem(ItemRules items)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Problem = PayloadProblems.WrongType(items.Array, "an array of objects");
            return;
        }

        var mark = _names.Open();
        var hasRequired = false;
        while (Problem is null && _json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryAddName(mark))
            {
                return;
            }

            var required = _json.ValueTextEquals(items.Required);
            var optional = !required && _json.ValueTextEquals(items.Optional);
            _json.Read();
            if (required)
            {
                CheckString(items.RequiredPath, items.MaximumLength, mayBeEmpty: false);
                hasRequired = true;
            }
            else if (optional && _json.TokenType != JsonTokenType.Null)
            {
                CheckString(items.OptionalPath, items.MaximumLength, mayBeEmpty: true);
            }
            else
            {
                Skip(kept: true);
            }
        }

        _names.Close(mark);
        if (!hasRequired)
        {
            Problem ??= PayloadProblems.Missing(items.RequiredPath);
        }
    }

    /// <summary>Walks over the value that starts here. Only what is <paramref name="kept"/> has to be storable.</summary>
    private void Skip(bool kept)
    {
        Span<int> marks = stackalloc int[MaximumDepth + 1];
        var end = _json.CurrentDepth;
        do
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.StartObject:
                    marks[_json.CurrentDepth] = _names.Open();
                    break;
                case JsonTokenType.EndObject:
                    _names.Close(marks[_json.CurrentDepth]);
                    break;
                case JsonTokenType.PropertyName:
                    TryAddName(marks[_json.CurrentDepth - 1]);
                    break;
                case JsonTokenType.String when _json.ValueIsEscaped && kept:
                    Problem = JsonText.FindMistake(_json.ValueSpan);
                    break;
                case JsonTokenType.Number when kept:
                    Problem = JsonText.FindNumberMistake(_json.ValueSpan);
                    break;
            }

            if (_json.CurrentDepth == end && _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return;
            }
        }
        while (Problem is null && _json.Read());
    }

    private void CheckString(string member, int maximumLength, bool mayBeEmpty)
    {
        if (_json.TokenType != JsonTokenType.String)
        {
            Problem = PayloadProblems.WrongType(member, "a string");
        }
        else if (_json.ValueIsEscaped && JsonText.FindMistake(_json.ValueSpan) is { } mistake)
        {
            Problem = mistake;
        }
        else if ((_json.ValueSpan.Length > maximumLength && CountCharacters() > maximumLength) || (_json.ValueSpan.IsEmpty && !mayBeEmpty))
        {
            Problem = PayloadProblems.WrongLength(member, mayBeEmpty ? 0 : 1, maximumLength);
        }
    }

    private readonly int CountCharacters() => Encoding.UTF8.GetCharCount(_json.ValueIsEscaped ? Unescape() : _json.ValueSpan);

    /// <summary>False, with a problem, when the object that began at <paramref name="mark"/> has this member already.</summary>
    private bool TryAddName(int mark)
    {
        if (_json.ValueIsEscaped && JsonText.FindMistake(_json.ValueSpan) is { } mistake)
        {
            Problem = mistake;
            return false;
        }

        var name = _json.ValueIsEscaped ? Unescape() : _json.ValueSpan;
        if (!_names.TryAdd(mark, name))
        {
            Problem = PayloadProblems.Duplicate(Encoding.UTF8.GetString(name));
        }

        return Problem is null;
    }

    private readonly ReadOnlySpan<byte> Unescape()
    {
        var copy = new byte[_json.ValueSpan.Length];
        return copy.AsSpan(0, _json.CopyString(copy));
    }
}
