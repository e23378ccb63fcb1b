using System.Buffers;
using MdmOrleans.Gateway.Mqtt;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

/// <summary>Our reader against MQTTnet's writer, and against everything that is not quite MQTT.</summary>
public sealed class PacketTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void A_connect_of_another_implementation_is_read_as_it_was_meant(MqttProtocolVersion version)
    {
        var body = Encode(version, new MqttConnectPacket
        {
            ClientId = "acme:t7",
            Username = "acme:t7",
            Password = "secret"u8.ToArray(),
            CleanSession = true,
            KeepAlivePeriod = 77,
            ReceiveMaximum = 3,
            MaximumPacketSize = 5000,
            WillFlag = true,
            WillTopic = "mdm/v1/acme/t7/up/will",
            WillMessage = "gone"u8.ToArray(),
            WillQoS = MqttQualityOfServiceLevel.AtLeastOnce,
            UserProperties = [new MqttUserProperty("a", "b"u8.ToArray()), new MqttUserProperty("a", "c"u8.ToArray())],
        });

        var connect = ConnectPacket.Read(body, ToOurs(version), out var maximumPacketSize, out var error);

        Assert.Null(error);
        Assert.NotNull(connect);
        Assert.Equal(("acme:t7", "acme:t7", 77), (connect.ClientId, connect.UserName, connect.KeepAlive));
        Assert.Equal("secret"u8.ToArray(), connect.Password);
        Assert.Equal(new Will("mdm/v1/acme/t7/up/will", 1, false), connect.Will);
        Assert.Equal(version == MqttProtocolVersion.V500 ? 3 : 65_535, connect.ReceiveMaximum);
        Assert.Equal(version == MqttProtocolVersion.V500 ? 5000u : uint.MaxValue, maximumPacketSize);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void A_publish_of_another_implementation_is_read_as_it_was_meant(MqttProtocolVersion version)
    {
        var body = Encode(version, APublish());

        var error = PublishPacket.Read(0x32, body, ToOurs(version), out var publish);

        Assert.Null(error);
        Assert.Equal("mdm/v1/acme/t7/up/checkin"u8.ToArray(), publish.Topic.ToArray());
        Assert.Equal("{}"u8.ToArray(), publish.Payload.ToArray());
        Assert.Equal((1, 42), (publish.QoS, publish.PacketId));
        Assert.Equal(version == MqttProtocolVersion.V500, publish.HasCorrelationData);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void A_packet_cut_at_any_byte_is_refused_or_has_less_payload(MqttProtocolVersion version)
    {
        var connect = Encode(version, new MqttConnectPacket { ClientId = "acme:t7", Username = "acme:t7", Password = [1, 2], KeepAlivePeriod = 1 });
        var publish = Encode(version, APublish());
        var subscribe = Encode(version, new MqttSubscribePacket
        {
            PacketIdentifier = 3,
            TopicFilters = [new MqttTopicFilter { Topic = "a/#" }, new MqttTopicFilter { Topic = "b" }],
        });

        for (var length = 0; length < connect.Length; length++)
        {
            Assert.Null(ConnectPacket.Read(connect.AsSpan(0, length), ToOurs(version), out _, out _));
        }

        for (var length = 0; length < publish.Length - 2; length++)
        {
            Assert.NotNull(PublishPacket.Read(0x32, publish.AsSpan(0, length), ToOurs(version), out _));
        }

        for (var length = 0; length < subscribe.Length - 4; length++)
        {
            Assert.Null(SubscribePacket.Read(subscribe.AsSpan(0, length), ToOurs(version), unsubscribe: false, out _));
        }
    }

    [Fact]
    public void Mutated_packets_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(5);
        byte[][] seeds =
        [
            Encode(MqttProtocolVersion.V500, APublish()),
            Encode(MqttProtocolVersion.V500, new MqttConnectPacket { ClientId = "acme:t7", Username = "acme:t7", Password = [1] }),
            Packets.Subscribe(5, 1, ("mdm/v1/acme/t7/dn/#", 1))[2..],
            [0, 1, 0x10, 3, 0x1F, 0, 0],
        ];

        for (var round = 0; round < 50_000; round++)
        {
            var body = seeds[round % seeds.Length].ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var version = round % 2 == 0 ? MqttVersion.V5 : MqttVersion.V311;
            var connect = ConnectPacket.Read(body, version, out _, out var connectError);
            var subscribe = SubscribePacket.Read(body, version, unsubscribe: round % 3 == 0, out var subscribeError);

            Assert.Equal(connectError is null, connect is not null);
            Assert.Equal(subscribeError is null, subscribe is not null);
            Assert.True(IsSentence(connectError) && IsSentence(subscribeError));
            Assert.True(IsSentence(PublishPacket.Read(0x32, body, version, out _)));
            Assert.True(IsSentence(PubAckPacket.Read(body, version, out _)));
            Assert.True(IsSentence(DisconnectPacket.Read(body, version, out _)));
        }
    }

    [Fact]
    public void A_publish_that_is_well_formed_is_read_without_allocating()
    {
        var packet = Packets.Publish(5, "mdm/v1/acme/t7/up/checkin", "{}", properties: [0x09, 0, 2, 1, 2, 0x03, 0, 1, 65, 0x26, 0, 1, 65, 0, 1, 66]);
        Read(packet); // what is made once

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Read(packet);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Read(byte[] packet)
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            if (FrameReader.TryRead(ref buffer, 65_536, out var frame, out _) != FrameStatus.Complete
                || PublishPacket.Read(frame.Header, frame.Body.FirstSpan, MqttVersion.V5, out _) is not null)
            {
                throw new InvalidOperationException("The packet is not read.");
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x23, 0, 1, 0x23, 0, 1 }, 0x82)] // twice
    [InlineData(new byte[] { 0x23, 0 }, 0x81)] // cut
    [InlineData(new byte[] { 0x11, 0, 0, 0, 1 }, 0x81)] // not of a PUBLISH
    [InlineData(new byte[] { 0x7F }, 0x81)]
    [InlineData(new byte[] { 0x0B, 1 }, 0x82)] // subscription identifier from a client
    [InlineData(new byte[] { 0x01, 2 }, 0x82)]
    [InlineData(new byte[] { 0x08, 0, 1, (byte)'#' }, 0x82)]
    [InlineData(new byte[] { 0x26, 0, 1, 0xFF, 0, 0 }, 0x81)] // not UTF-8
    [InlineData(new byte[] { 0x26, 0, 1, 0, 0, 0 }, 0x81)] // U+0000
    [InlineData(new byte[] { 0x26, 0, 1, 65, 0, 0, 0x26, 0, 1, 65, 0, 0 }, 0)]
    public void Properties_of_a_publish_follow_the_rules(byte[] properties, int expected)
    {
        var packet = Packets.Publish(5, "a", "x", properties: properties);

        Assert.Equal(expected, (int?)PublishPacket.Read(packet[0], packet.AsSpan(2), MqttVersion.V5, out _)?.Code ?? 0);
    }

    [Theory]
    [InlineData("a/+/b")]
    [InlineData("#")]
    [InlineData("a\0b")]
    public void A_topic_that_is_none_makes_the_packet_malformed(string topic)
    {
        var packet = Packets.Publish(5, topic, "x");

        Assert.Equal(ReasonCode.MalformedPacket, PublishPacket.Read(packet[0], packet.AsSpan(2), MqttVersion.V5, out _)?.Code);
    }

    [Fact]
    public void Packet_id_zero_is_a_protocol_error()
    {
        var packet = Packets.Publish(5, "a", "x", packetId: 0);

        Assert.Equal(ReasonCode.ProtocolError, PublishPacket.Read(packet[0], packet.AsSpan(2), MqttVersion.V5, out _)?.Code);
    }

    private static bool IsSentence(Refusal? refusal) =>
        refusal is null || (Enum.IsDefined(refusal.Code) && refusal.Sentence is [>= 'A' and <= 'Z', .., '.']);

    private static MqttPublishPacket APublish() => new()
    {
        Topic = "mdm/v1/acme/t7/up/checkin",
        PacketIdentifier = 42,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        CorrelationData = [1, 2, 3],
        ResponseTopic = "somewhere",
        ContentType = "application/json",
        PayloadSegment = "{}"u8.ToArray(),
    };

    private static MqttVersion ToOurs(MqttProtocolVersion version) =>
        version == MqttProtocolVersion.V500 ? MqttVersion.V5 : MqttVersion.V311;

    /// <summary>The body alone.</summary>
    private static byte[] Encode(MqttProtocolVersion version, MqttPacket packet)
    {
        var buffer = MqttPacketFormatterAdapter.GetMqttPacketFormatter(version, new MqttBufferWriter(4096, 65_535)).Encode(packet);
        byte[] bytes = [.. buffer.Packet, .. BuffersExtensions.ToArray(buffer.Payload)];
        var lengthBytes = 1;
        while (bytes[lengthBytes] >= 0x80)
        {
            lengthBytes++;
        }

        return bytes[(1 + lengthBytes)..];
    }
}
