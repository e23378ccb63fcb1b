using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>Linux's readiness queue, bare: what waits for thousands of sockets must cost next to nothing, or it measures itself.</summary>
/// <remarks>Level-triggered, one thread. An event is a number that the caller gave, and what the socket is ready for.</remarks>
internal sealed class Epoll : IDisposable
{
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;

    private const int Batch = 512;
    private const int OpAdd = 1;
    private const int OpModify = 3;
    private const int Interrupted = 4;

    // struct epoll_event is packed on x64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly byte[] _events = new byte[Batch * EventSize];
    private readonly int _handle = Check(Create(0));

    public void Add(Socket socket, uint interest, int tag) => Control(OpAdd, socket, interest, tag);

    public void Modify(Socket socket, uint interest, int tag) => Control(OpModify, socket, interest, tag);

    /// <returns>How many events <see cref="this"/> now has; 0 after <paramref name="timeout"/>.</returns>
    public int Wait(TimeSpan timeout)
    {
        var count = Wait(_handle, _events, Batch, (int)Math.Ceiling(timeout.TotalMilliseconds));
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count);
    }

    public (int Tag, uint Ready) this[int index]
    {
        get
        {
            var e = _events.AsSpan(index * EventSize, EventSize);
            return (BinaryPrimitives.ReadInt32LittleEndian(e[DataOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(e));
        }
    }

    public void Dispose() => _ = Close(_handle);

    private void Control(int operation, Socket socket, uint interest, int tag)
    {
        var e = new byte[EventSize];
        BinaryPrimitives.WriteUInt32LittleEndian(e, interest);
        BinaryPrimitives.WriteInt32LittleEndian(e.AsSpan(DataOffset), tag);
        Check(Control(_handle, operation, (int)socket.Handle, e));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static extern int Control(int epoll, int operation, int file, byte[] e);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static extern int Wait(int epoll, byte[] events, int count, int timeout);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
