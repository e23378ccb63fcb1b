namespace MdmOrleans.Gateway.Payloads;

/// <summary>The names of the members of those JSON objects that are open right now: finds duplicates, also those that are spelled differently.</summary>
/// <remarks>One for each thread, reused: a payload is read without leaving its thread.</remarks>
internal sealed class MemberNames
{
    [ThreadStatic]
    private static MemberNames? _mine;

    private int[] _hashes = new int[64];
    private int[] _starts = new int[64];
    private byte[] _text = new byte[1024];
    private int _count;
    private int _length;

    public static MemberNames ForThisThread()
    {
        var names = _mine ??= new MemberNames();
        names._count = names._length = 0;
        return names;
    }

    /// <summary>Begins an object; give the mark back to <see cref="Close"/>.</summary>
    public int Open() => _count;

    public void Close(int mark)
    {
        _length = mark < _count ? _starts[mark] : _length;
        _count = mark;
    }

    /// <summary>False when the object that began at <paramref name="mark"/> has a member of this name.</summary>
    public bool TryAdd(int mark, ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        for (var at = mark; at < _count; at++)
        {
            var found = _hashes.AsSpan(at, _count - at).IndexOf(hash); // vectorized: a wide object costs little
            if (found < 0)
            {
                break;
            }

            at += found;
            if (Name(at).SequenceEqual(name))
            {
                return false;
            }
        }

        Append(name, hash);
        return true;
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode(); // seeded anew in every process, so that nobody can send names that collide
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<byte> Name(int index) =>
        _text.AsSpan(_starts[index]..(index + 1 < _count ? _starts[index + 1] : _length));

    private void Append(ReadOnlySpan<byte> name, int hash)
    {
        if (_count == _hashes.Length)
        {
            Array.Resize(ref _hashes, _count * 2);
            Array.Resize(ref _starts, _count * 2);
        }

        if (_length + name.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + name.Length));
        }

        _hashes[_count] = hash;
        _starts[_count] = _length;
        name.CopyTo(_text.AsSpan(_length));
        _count++;
        _length += name.Length;
    }
}
