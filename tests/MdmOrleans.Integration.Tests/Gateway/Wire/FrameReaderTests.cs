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

            Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(ref buffer, Limit, minimal: true, out _));
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
                    Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, Limit, minimal: true, out var frame));
                    Assert.Equal(packet[0], frame.Header);
                    Assert.True(frame.Body.ToArray().AsSpan().SequenceEqual(packet.AsSpan()[^(int)frame.Body.Length..]));
                }

                Assert.True(buffer.IsEmpty);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x30, 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x30, 0x80, 0x00 })]
    [InlineData(new byte[] { 0x00, 0x00 })]
    [InlineData(new byte[] { 0x36, 0x00 })]
    [InlineData(new byte[] { 0x80, 0x00 })]
    [InlineData(new byte[] { 0xC1, 0x00 })]
    [InlineData(new byte[] { 0x11, 0x00 })]
    public void A_fixed_header_that_breaks_the_rules_is_malformed(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(FrameStatus.Malformed, FrameReader.TryRead(ref buffer, Limit, minimal: true, out _));
    }

    [Fact]
    public void A_padded_length_is_read_where_the_protocol_allows_it()
    {
        var buffer = new ReadOnlySequence<byte>([0xC0, 0x80, 0x00]);

        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, Limit, minimal: false, out _));
    }

    [Theory]
    [InlineData(65_532, true)]
    [InlineData(65_533, false)]
    [InlineData(268_435_455, false)]
    public void The_limit_counts_the_packet_in_all(int length, bool allowed)
    {
        var buffer = new ReadOnlySequence<byte>([0x30, .. Packets.Variable(length)]);

        Assert.Equal(allowed ? FrameStatus.Incomplete : FrameStatus.TooLarge, FrameReader.TryRead(ref buffer, Limit, minimal: true, out _));
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

            while (FrameReader.TryRead(ref buffer, Limit, minimal: true, out var frame) == FrameStatus.Complete)
            {
                Assert.InRange(frame.Body.Length, 0, bytes.Length - 2);
            }
        }
    }
}
