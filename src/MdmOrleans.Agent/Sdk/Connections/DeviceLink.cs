using System.Buffers;
using System.Text;
using MdmOrleans.Contracts;
using MQTTnet;
using MQTTnet.Protocol;

namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>One MQTT connection, from CONNECT to its end. Whoever wants another one opens another one.</summary>
internal sealed partial class DeviceLink : IAsyncDisposable
{
    private const uint LargestPacket = 65_536;

    private readonly IMqttClient _client;
    private readonly DeviceClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<LinkEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private Task _pings = Task.CompletedTask;
    private string? _certificateFlaw;

    private DeviceLink(DeviceClientOptions options, Action<string, ReadOnlySequence<byte>> received, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += message =>
        {
            received(message.ApplicationMessage.Topic, message.ApplicationMessage.Payload);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += OnDisconnected;
    }

    /// <summary>Completes once, when the connection is gone.</summary>
    public Task<LinkEnd> Ended => _ended.Task;

    /// <summary>Largest packet that the server takes, in bytes.</summary>
    public uint MaximumPacketSize { get; private set; } = LargestPacket;

    /// <summary>Opens a connection. Exactly one of the answers is not null.</summary>
    /// <param name="received">Called for one message after the other; a message is acknowledged when it returns.</param>
    public static async Task<(DeviceLink? Link, LinkEnd? Failure)> OpenAsync(
        DeviceClientOptions options,
        Action<string, ReadOnlySequence<byte>> received,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        DeviceLink? link = new(options, received, time, logger);
        try
        {
            if (await link.ConnectAsync(cancellationToken) is not { } failure)
            {
                var opened = link;
                link = null;
                return (opened, null);
            }

            return (null, failure);
        }
        finally
        {
            if (link is not null)
            {
                await link.DisposeAsync();
            }
        }
    }

    /// <summary>Publishes at QoS 1 and waits for the PUBACK.</summary>
    public async Task<PublishAnswer> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, string? correlation, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            CorrelationData = correlation is null || _options.UseMqtt311 ? null : Encoding.UTF8.GetBytes(correlation),
        };
        try
        {
            var answer = await _client.PublishAsync(message, either.Token);
            return new PublishAnswer((int)answer.ReasonCode, answer.ReasonString);
        }
        catch (Exception e) // whatever MQTTnet threw, there was no PUBACK; for a cancellation it has several words
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogUnacknowledged(e, topic);
            return new PublishAnswer(null, ConnectFailure.Describe(e));
        }
    }

    /// <summary>Says goodbye, so that the server discards the will. <see cref="Ended"/> is complete afterwards.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellationToken);
            await _ended.Task.WaitAsync(cancellationToken);
        }
        catch (Exception e) // the connection went away first
        {
            LogNoGoodbye(e);
            _ended.TrySetResult(new LinkEnd(null, "closed by the device"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult(new LinkEnd(null, "closed by the device"));
        await _closing.CancelAsync();
        _client.Dispose();
        await _pings;
        _closing.Dispose();
    }

    private async Task<LinkEnd?> ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var accepted = await _client.ConnectAsync(MqttClientSettings.Of(_options, flaw => _certificateFlaw = flaw), either.Token);
            if (accepted.ResultCode != MqttClientConnectResultCode.Success)
            {
                return new LinkEnd((int)accepted.ResultCode, accepted.ReasonString);
            }

            MaximumPacketSize = accepted.MaximumPacketSize is > 0 and { } limit ? limit : LargestPacket; // MQTTnet says 0 for one that did not come
            _pings = PingAsync(TimeSpan.FromSeconds(accepted.ServerKeepAlive), _closing.Token);
            if (_options.SubscribeOnConnect)
            {
                var root = Topics.Root(_options.Tenant, _options.Device);
                await _client.SubscribeAsync(Topics.Down(root), MqttQualityOfServiceLevel.AtLeastOnce, either.Token);
            }

            return null;
        }
        catch (Exception e) when (e is not ArgumentException) // that one is an option of ours
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new LinkEnd(null, patience.IsCancellationRequested ? "no answer in time" : ConnectFailure.Describe(e, _certificateFlaw));
        }
    }

    /// <summary>MQTTnet pings at the interval that we asked for, even where the server shortened it; then we ping ourselves.</summary>
    private async Task PingAsync(TimeSpan serverKeepAlive, CancellationToken cancellationToken)
    {
        if (serverKeepAlive == TimeSpan.Zero || serverKeepAlive >= _options.KeepAlive)
        {
            return;
        }

        using var timer = new PeriodicTimer(serverKeepAlive * 0.75, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await _client.PingAsync(cancellationToken);
            }
        }
        catch (Exception e) // closing, or the connection is gone, which Ended reports
        {
            LogPingsEnded(e);
        }
    }

    private Task OnDisconnected(MqttClientDisconnectedEventArgs end)
    {
        // MQTTnet also puts its own codes here when the connection just broke; only a DISCONNECT packet comes without an exception.
        var code = end.Exception is null && end.Reason != MqttClientDisconnectReason.NormalDisconnection ? (int?)end.Reason : null;
        _ended.TrySetResult(new LinkEnd(code, end.ReasonString ?? (end.Exception is { } failure ? ConnectFailure.Describe(failure) : "closed by the server")));
        return Task.CompletedTask;
    }
}
