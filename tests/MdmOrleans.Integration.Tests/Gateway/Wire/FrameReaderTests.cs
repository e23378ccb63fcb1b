using System.Buffers;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

public sealed class FrameReaderTests
{
    private const int Limit = 65_536;

    [Fact]
    public void A_packet_that_is_cut_at_any_byte_is_incomplete_and_consumes_nothing()
    {
        var packet = Packets.Publish(5, "mdm/v1/acme/t7/up/checkin", new string('x', 300));

        for (var length = 0; length < packet.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(packet.AsMemory(0, length));

            Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(ref buffer, Limit, out _, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Fact]
    public void Packets_come_out_as_they_went_in_wherever_the_stream_is_cut_into_segments()
    {
        byte[][] packets = [Packets.PingReq, Packets.Publish(5, "a/b", new string('x', 200)), Packets.PubAck(7), Packets.Disconnect];
        var stream = packets.SelectMany(p => p).ToArray();

        for (var first = 0; first <= stream.Length; first++)
        {
            for (var size = 1; size <= 3; size++)
            {
                var buffer = Segment.Cut(stream, first, size);

                foreach (var packet in packets)
                {
                    Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, Limit, out var frame, out _));
                    Assert.Equal(packet[0], frame.Header);
                    Assert.True(frame.Body.ToArray().AsSpan().SequenceEqual(packet.AsSpan()[^(int)frame.Body.Length..]));
                }

                Assert.True(buffer.IsEmpty);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "The Remaining Length has more than four bytes.")]
    [InlineData(new byte[] { 0x30, 0x80, 0x80, 0x80, 0x80 }, "The Remaining Length has more than four bytes.")]
    [InlineData(new byte[] { 0x00, 0x00 }, "The packet type 0 is reserved.")]
    [InlineData(new byte[] { 0x36, 0x00 }, "PUBLISH has QoS 3, which does not exist.")]
    [InlineData(new byte[] { 0x80, 0x00 }, "SUBSCRIBE has the flags 0; they must be 2.")]
    [InlineData(new byte[] { 0xC1, 0x00 }, "PINGREQ has the flags 1; they must be 0.")]
    [InlineData(new byte[] { 0x11, 0x00 }, "CONNECT has the flags 1; they must be 0.")]
    public void A_fixed_header_that_breaks_the_rules_is_malformed(byte[] bytes, string sentence)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(FrameStatus.Refused, FrameReader.TryRead(ref buffer, Limit, out _, out var refusal));
        Assert.Equal(new Refusal(ReasonCode.MalformedPacket, sentence), refusal);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x80, 0x00 }, true)]
    [InlineData(new byte[] { 0xC0, 0x80, 0x80, 0x80, 0x00 }, true)]
    [InlineData(new byte[] { 0xC0, 0x00 }, false)]
    [InlineData(new byte[] { 0x40, 0x82, 0x00, 0x00, 0x01 }, true)]
    [InlineData(new byte[] { 0x40, 0x02, 0x00, 0x01 }, false)]
    public void A_frame_knows_whether_its_length_is_padded(byte[] bytes, bool isPadded)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, Limit, out var frame, out _));
        Assert.Equal(isPadded, frame.IsPadded);
    }

    [Theory]
    [InlineData(65_532, true)]
    [InlineData(65_533, false)]
    [InlineData(268_435_455, false)]
    public void The_limit_counts_the_packet_in_all(int length, bool allowed)
    {
        var buffer = new ReadOnlySequence<byte>([0x30, .. Packets.Variable(length)]);

        Assert.Equal(allowed ? FrameStatus.Incomplete : FrameStatus.Refused, FrameReader.TryRead(ref buffer, Limit, out _, out var refusal));
        Assert.Equal(allowed ? null : ReasonCode.PacketTooLarge, refusal?.Code);
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_yield_more_than_they_hold()
    {
        var random = new Random(20261124);

        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            var buffer = Segment.Cut(bytes, random.Next(0, bytes.Length + 1), random.Next(1, 6));

            while (FrameReader.TryRead(ref buffer, Limit, out var frame, out _) == FrameStatus.Complete)
            {
                Assert.InRange(frame.Body.Length, 0, bytes.Length - 2);
            }
        }
    }
}
