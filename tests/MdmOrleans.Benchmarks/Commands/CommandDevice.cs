using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MdmOrleans.Benchmarks.Load;
using MdmOrleans.Contracts;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>A device on a bare socket that takes a command, reports on it, and says when: one command at a time.</summary>
internal sealed class CommandDevice(IPEndPoint target, Credential credential, string[] reports) : IDisposable
{
    private const byte Version = 5;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _channel = Encoding.UTF8.GetBytes("/dn/command/");
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<long> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private string? _id;
    private int _reported;

    public async Task ConnectAsync()
    {
        await _socket.ConnectAsync(target);
        await _socket.SendAsync(MqttPackets.AConnect(credential, Version));
        _reading = Task.Run(ReadAsync);
        await _connected.Task;
    }

    /// <summary>To be called before the command can come.</summary>
    public void Expect()
    {
        _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reported = 0;
    }

    /// <returns>The timestamp at which the command came.</returns>
    public Task<long> WaitForArrivalAsync() => _arrived.Task;

    /// <summary>Completes when the last report was acknowledged.</summary>
    public Task WaitForEndAsync() => _done.Task;

    public async Task CloseAsync()
    {
        await _socket.SendAsync(MqttPackets.ADisconnect());
        _socket.Dispose();
        await _reading;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        var held = 0;
        try
        {
            while (await _socket.ReceiveAsync(_buffer.AsMemory(held)) is var count and > 0)
            {
                held = await HandleAsync(held + count);
            }

            Fail(new BenchmarkException("closed by the server"));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    /// <returns>How much of the buffer is an incomplete packet.</returns>
    private async Task<int> HandleAsync(int length)
    {
        var start = 0;
        while (Take(start, length, out var next, out var answer))
        {
            start = next;
            if (answer is not null)
            {
                await _socket.SendAsync(answer);
            }
        }

        _buffer.AsSpan(start, length - start).CopyTo(_buffer);
        return length - start;
    }

    private bool Take(int start, int length, out int next, out byte[]? answer)
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(start, length - start);
        answer = null;
        var isWhole = MqttPackets.TryTake(ref rest, out var header, out var body);
        next = length - rest.Length;
        if (isWhole)
        {
            answer = Handle(header, body);
        }

        return isWhole;
    }

    private byte[]? Handle(byte header, ReadOnlySpan<byte> body)
    {
        switch (header & 0xF0)
        {
            case MqttPackets.ConnAck when body[1] == 0:
                _connected.TrySetResult();
                return null;
            case MqttPackets.Publish:
                return Receive(header, body);
            case MqttPackets.PubAck when body.Length < 3 || body[2] < 0x80:
                return Report();
            default:
                Fail(new BenchmarkException($"packet 0x{header:X2} {Convert.ToHexString(body[..Math.Min(body.Length, 8)])}"));
                return null;
        }
    }

    private byte[]? Receive(byte header, ReadOnlySpan<byte> body)
    {
        MqttPackets.ReadPublish(header, body, Version, out var topic, out var packetId, out _);
        if (topic.IndexOf(_channel) is var at && at < 0)
        {
            return packetId.IsEmpty ? null : MqttPackets.APubAck(packetId);
        }

        _id = Encoding.UTF8.GetString(topic[(at + _channel.Length)..]);
        _arrived.TrySetResult(Stopwatch.GetTimestamp());
        return [.. MqttPackets.APubAck(packetId), .. Report() ?? []];
    }

    private byte[]? Report()
    {
        if (_reported == reports.Length)
        {
            _done.TrySetResult();
            return null;
        }

        var status = reports[_reported++];
        var topic = $"{Topics.Root(credential.Tenant, credential.Device)}/up/command/{_id}";
        var packet = MqttPackets.APublish(topic, Encoding.UTF8.GetBytes($$"""{"status":"{{status}}"}"""), Version, out var packetId);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(packetId), (ushort)_reported);
        return packet;
    }

    private void Fail(Exception e)
    {
        _connected.TrySetException(e);
        _arrived.TrySetException(e);
        _done.TrySetException(e);
        _ = (_connected.Task.Exception, _arrived.Task.Exception, _done.Task.Exception); // seen: nobody may be waiting
    }
}
