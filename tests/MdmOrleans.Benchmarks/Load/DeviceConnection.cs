using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>What a connection tells the loop that drives it.</summary>
internal interface IConnectionOwner
{
    Epoll Epoll { get; }

    /// <summary>One for all connections of a loop, since one reads at a time.</summary>
    byte[] ReceiveBuffer { get; }

    void Connected(DeviceConnection connection);

    /// <summary>The PUBACK came: the promise is made.</summary>
    void Acknowledged(DeviceConnection connection);

    /// <summary>Everything came that belongs to the check-in in flight.</summary>
    void Completed(DeviceConnection connection);

    /// <summary>The check-in in flight was refused; the connection lives.</summary>
    void Refused(DeviceConnection connection, string kind);

    /// <summary>The connection is closed, and nobody here asked for it.</summary>
    void Lost(DeviceConnection connection, string kind);
}

/// <summary>One device: a non-blocking socket with at most one check-in in flight.</summary>
internal sealed class DeviceConnection(IConnectionOwner owner, int tag, Credential credential, CheckInPacket packet, LoadOptions options)
    : IDisposable
{
    private enum State { Closed, Connecting, Authenticating, Ready }

    private readonly byte[] _rootOfAnswers = Encoding.UTF8.GetBytes("/dn/");
    private Socket? _socket;
    private State _state;
    private ReadOnlyMemory<byte> _unsent;
    private byte[] _held = [];
    private bool _isAcknowledged;
    private bool _isAnswered;

    public Credential Credential => credential;

    public int Seq => packet.Seq;

    /// <summary>When the check-in in flight, or the attempt to connect, was to start: what latency is counted from.</summary>
    public long StartedAt { get; private set; }

    /// <summary>When bytes of it were last sent: what a timeout is counted from.</summary>
    public long SentAt { get; private set; }

    /// <summary>Failures since the last success, for the back-off.</summary>
    public int Failures { get; set; }

    public bool IsInFlight { get; private set; }

    public bool IsClosed => _state == State.Closed;

    public bool IsReady => _state == State.Ready;

    /// <summary>Whether the last attempt to connect got as far as its CONNACK.</summary>
    public bool WasConnected { get; private set; }

    public void Open(IPEndPoint target, long now)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        _state = State.Connecting;
        WasConnected = false;
        SentAt = now;
        if (!IsInFlight)
        {
            StartedAt = now;
        }

        try
        {
            _socket.Connect(target);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // As asked for: the outcome comes as an event.
        }
        catch (SocketException e)
        {
            Lose($"connect: {e.SocketErrorCode}");
            return;
        }

        owner.Epoll.Add(_socket, Epoll.Readable | Epoll.Writable, tag);
    }

    /// <summary>Sends the next check-in, or once more the one that was never acknowledged.</summary>
    public void CheckIn(long intended, long now)
    {
        if (!IsInFlight)
        {
            packet.MoveNext();
            IsInFlight = true;
            StartedAt = intended;
        }

        SentAt = now;
        _isAcknowledged = false;
        _isAnswered = !options.ExpectsAnswer;
        Send(packet.Bytes);
    }

    public void OnReady(uint ready, long now)
    {
        if (_state == State.Closed)
        {
            return; // closed by an earlier event of the same batch
        }

        if (_state == State.Connecting)
        {
            Authenticate(now);
        }
        else if ((ready & Epoll.Writable) != 0 && !_unsent.IsEmpty)
        {
            Send(_unsent);
        }

        if (_state != State.Closed && (ready & ~Epoll.Writable) != 0)
        {
            Receive();
        }
    }

    /// <summary>Says goodbye and closes. What was in flight is sent again after the next connect.</summary>
    public void Close()
    {
        if (_state == State.Ready)
        {
            _socket!.Send(MqttPackets.ADisconnect(), SocketFlags.None, out _);
        }

        _socket?.Dispose();
        _socket = null;
        _state = State.Closed;
        _unsent = default;
        _held = [];

        // What was acknowledged is stored; only its answer is lost.
        IsInFlight &= !_isAcknowledged;
    }

    public void Dispose() => Close();

    public void Lose(string kind)
    {
        _state = _state == State.Ready ? State.Connecting : _state; // no goodbye on a broken connection
        Close();
        owner.Lost(this, kind);
    }

    private void Authenticate(long now)
    {
        if (_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
        {
            Lose($"connect: {(SocketError)error}");
            return;
        }

        owner.Epoll.Modify(_socket, Epoll.Readable, tag);
        _state = State.Authenticating;
        SentAt = now;
        Send(MqttPackets.AConnect(credential, options.Protocol));
    }

    private void Send(ReadOnlyMemory<byte> bytes)
    {
        var sent = _socket!.Send(bytes.Span, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            Lose($"send: {error}");
            return;
        }

        var waited = !_unsent.IsEmpty;
        _unsent = bytes[Math.Max(sent, 0)..];
        if (waited == _unsent.IsEmpty)
        {
            owner.Epoll.Modify(_socket, _unsent.IsEmpty ? Epoll.Readable : Epoll.Readable | Epoll.Writable, tag);
        }
    }

    private void Receive()
    {
        var buffer = owner.ReceiveBuffer;
        _held.CopyTo(buffer, 0);
        var count = _socket!.Receive(buffer.AsSpan(_held.Length), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success || count == 0)
        {
            Lose(error == SocketError.Success ? "closed by the server" : $"receive: {error}");
            return;
        }

        ReadOnlySpan<byte> received = buffer.AsSpan(0, _held.Length + count);
        while (_state != State.Closed && MqttPackets.TryTake(ref received, out var header, out var body))
        {
            Handle(header, body);
        }

        _held = _state == State.Closed || received.IsEmpty ? [] : received.ToArray();
    }

    private void Handle(byte header, ReadOnlySpan<byte> body)
    {
        switch (header & 0xF0)
        {
            case MqttPackets.ConnAck when body[1] == 0:
                _state = State.Ready;
                WasConnected = true;
                owner.Connected(this);
                break;
            case MqttPackets.ConnAck:
                Lose($"connack 0x{body[1]:X2}");
                break;
            case MqttPackets.PubAck when IsInFlight && body[..2].SequenceEqual(packet.PacketId):
                HandlePubAck(body.Length > 2 ? body[2] : (byte)0);
                break;
            case MqttPackets.PubAck:
                break; // of a check-in that was sent twice
            case MqttPackets.Publish:
                HandlePublish(header, body);
                break;
            case MqttPackets.Disconnect:
                Lose(body.IsEmpty ? "disconnect" : $"disconnect 0x{body[0]:X2}");
                break;
            default:
                Lose($"unexpected packet 0x{header:X2}");
                break;
        }
    }

    private void HandlePubAck(byte reason)
    {
        if (reason >= 0x80)
        {
            owner.Refused(this, $"puback 0x{reason:X2}");
            return;
        }

        _isAcknowledged = true;
        owner.Acknowledged(this);
        CompleteWhenDone();
    }

    private void HandlePublish(byte header, ReadOnlySpan<byte> body)
    {
        MqttPackets.ReadPublish(header, body, options.Protocol, out var topic, out var packetId, out var payload);
        if (!packetId.IsEmpty)
        {
            _socket!.Send(MqttPackets.APubAck(packetId), SocketFlags.None, out _);
        }

        var channel = topic[(topic.LastIndexOf(_rootOfAnswers) + _rootOfAnswers.Length)..];
        if (channel.SequenceEqual("checkin"u8) && IsInFlight && payload.IndexOf(packet.Rid) >= 0)
        {
            _isAnswered = true;
            CompleteWhenDone();
        }
        else if (channel.SequenceEqual("error"u8) && IsInFlight)
        {
            owner.Refused(this, $"dn/error {Encoding.UTF8.GetString(payload)}");
        }
    }

    private void CompleteWhenDone()
    {
        if (_isAcknowledged && _isAnswered)
        {
            IsInFlight = false;
            Failures = 0;
            owner.Completed(this);
        }
    }
}
