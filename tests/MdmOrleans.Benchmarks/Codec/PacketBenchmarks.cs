using System.Buffers;
using BenchmarkDotNet.Attributes;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.Mqtt;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MdmOrleans.Benchmarks.Codec;

/// <summary>Our packets, which are checked while they are read, beside MQTTnet's, which are not.</summary>
[MemoryDiagnoser]
public class PacketBenchmarks
{
    private static readonly byte[] Topic = System.Text.Encoding.UTF8.GetBytes(Samples.Root + "/up/checkin");

    private readonly IMqttPacketFormatter _formatter =
        MqttPacketFormatterAdapter.GetMqttPacketFormatter(MqttProtocolVersion.V500, new MqttBufferWriter(4096, 65_535));

    private readonly ScratchBuffer _output = new();
    private byte[] _publish = [];

    [GlobalSetup]
    public void Prepare()
    {
        _output.Clear();
        PacketWriter.Publish(_output, MqttVersion.V5, Topic, 1, 42, [], Samples.CheckIn);
        _publish = _output.Written.ToArray();
    }

    [Benchmark]
    public int ReadPublish()
    {
        var buffer = new ReadOnlySequence<byte>(_publish);
        FrameReader.TryRead(ref buffer, 65_536, out var frame, out _);
        PublishPacket.Read(frame.Header, frame.Body.FirstSpan, MqttVersion.V5, out var publish);
        return publish.Payload.Length;
    }

    [Benchmark]
    public object ReadPublishWithMqttNet()
    {
        var body = new ArraySegment<byte>(_publish, 3, _publish.Length - 3);
        return _formatter.Decode(new ReceivedMqttPacket(_publish[0], body, _publish.Length));
    }

    [Benchmark]
    public int WriteAcknowledgmentAndAnswer()
    {
        _output.Clear();
        PacketWriter.PubAck(_output, 42, ReasonCode.Success, []);
        PacketWriter.Publish(_output, MqttVersion.V5, Topic, 0, 0, [], Samples.CheckIn);
        return _output.Length;
    }

    [Benchmark]
    public int WriteAcknowledgmentAndAnswerWithMqttNet()
    {
        var ack = _formatter.Encode(new MqttPubAckPacket { PacketIdentifier = 42, ReasonCode = MqttPubAckReasonCode.Success });
        var length = ack.Length;
        var answer = _formatter.Encode(new MqttPublishPacket
        {
            Topic = Samples.Root + "/dn/checkin",
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
            PayloadSegment = Samples.CheckIn,
        });
        return length + answer.Length;
    }
}
