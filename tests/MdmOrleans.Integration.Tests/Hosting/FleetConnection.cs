using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>A socket that packets go into and come out of; cheap enough for hundreds of them beside the server.</summary>
internal sealed class FleetConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;

    private FleetConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream);
    }

    public static async Task<FleetConnection> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new FleetConnection(socket);
    }

    public async ValueTask SendAsync(byte[] packet, CancellationToken cancellationToken) =>
        await _socket.SendAsync(packet, SocketFlags.None, cancellationToken);

    /// <summary>The next packet; null when the server closed the connection.</summary>
    public async ValueTask<Received?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var packet = Take(ref buffer);
            _reader.AdvanceTo(buffer.Start, packet is null ? buffer.End : buffer.Start);
            if (packet is not null || result.IsCompleted)
            {
                return packet;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        await _stream.DisposeAsync();
    }

    private static Received? Take(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out var header))
        {
            return null;
        }

        var length = 0;
        byte digit;
        var shift = 0;
        do
        {
            if (!reader.TryRead(out digit))
            {
                return null;
            }

            length |= (digit & 0x7F) << shift;
            shift += 7;
        }
        while (digit >= 0x80);
        if (reader.Remaining < length)
        {
            return null;
        }

        var packet = new Received(header, reader.UnreadSequence.Slice(0, length).ToArray());
        reader.Advance(length);
        buffer = buffer.Slice(reader.Position);
        return packet;
    }
}
