using System.Buffers;

namespace MdmOrleans.Gateway;

/// <summary>Bytes that are put together before they are sent. One for each thread and purpose, reused, so that writing an answer allocates nothing.</summary>
internal sealed class ScratchBuffer : IBufferWriter<byte>
{
    /// <summary>What grew beyond this for one large answer is not kept.</summary>
    private const int Retained = 128 * 1024;

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Retained)
        {
            _bytes = new byte[1024];
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int count)
    {
        var needed = Length + Math.Max(count, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}

/// <summary>The buffers of the current thread. Use one up before anything is awaited.</summary>
internal static class ScratchFor
{
    [ThreadStatic]
    private static ScratchBuffer? _properties;

    [ThreadStatic]
    private static ScratchBuffer? _payload;

    [ThreadStatic]
    private static ScratchBuffer? _topic;

    public static ScratchBuffer Topic() => Clear(ref _topic);

    public static ScratchBuffer Properties() => Clear(ref _properties);

    public static ScratchBuffer Payload() => Clear(ref _payload);

    private static ScratchBuffer Clear(ref ScratchBuffer? buffer)
    {
        buffer ??= new ScratchBuffer();
        buffer.Clear();
        return buffer;
    }
}
