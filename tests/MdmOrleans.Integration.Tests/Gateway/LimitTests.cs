using System.Net;
using MdmOrleans.Core.Commands;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.Sessions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_bucket_gives_its_burst_and_then_what_flows_in()
    {
        var limits = new TokenBucket(perSecond: 100, burst: 500, _time);

        var burst = Take(limits, 600);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = Take(limits, 600);
        _time.Advance(TimeSpan.FromHours(1));
        var afterAPause = Take(limits, 600);

        Assert.Equal((500, 100, 500), (burst, second, afterAPause));
    }

    [Fact]
    public void A_device_is_forgotten_when_its_bucket_is_full_again()
    {
        var entry = new DeviceEntry(new TokenBucket(perSecond: 1, burst: 2, _time));
        Take(entry.Limits, 2);

        var before = entry.IsUnused;
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((false, true), (before, entry.IsUnused));
    }

    [Fact]
    public void A_minute_counts_the_last_sixty_seconds_whenever_they_began()
    {
        var counter = new MinuteCounter(3, _time);

        List<bool> answers = [counter.Count(), counter.Count()];
        _time.Advance(TimeSpan.FromSeconds(61));
        answers.Add(counter.Count());
        _time.Advance(TimeSpan.FromSeconds(30));
        answers.AddRange([counter.Count(), counter.Count()]);

        Assert.Equal([false, false, false, false, true], answers);
    }

    [Fact]
    public void A_command_that_expired_while_it_waited_is_not_delivered()
    {
        var window = new OutboundWindow(size: 1);
        var now = _time.GetUtcNow();
        window.Wait(FakeTwin.ACommand() with { ExpiresAt = now });
        var living = FakeTwin.ACommand() with { ExpiresAt = now.AddTicks(1) };
        window.Wait(living);

        Assert.True(window.TryNext(now, out var next));
        Assert.Equal(living, next);
    }

    [Fact]
    public void A_command_that_waits_or_is_on_its_way_does_not_wait_twice()
    {
        var window = new OutboundWindow(size: 1);
        var (sent, waiting) = (FakeTwin.ACommand(), FakeTwin.ACommand());
        window.Open([sent.Id]);

        foreach (var command in (DeviceCommand[])[sent, waiting, waiting])
        {
            window.Wait(command);
        }

        Assert.True(window.TryNext(_time.GetUtcNow(), out _));
        Assert.False(window.HasWaiting);
    }

    [Fact]
    public void An_address_may_fail_in_a_burst_and_then_as_often_as_the_rate_says()
    {
        var failed = new FailedConnects(perSecond: 20, burst: 200, _time);
        var address = IPAddress.Parse("198.51.100.1");

        var burst = Fail(failed, address, 300);
        var mayTry = failed.MayTry(address);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = Fail(failed, address, 300);

        Assert.Equal((200, false, 20), (burst, mayTry, second));
        Assert.True(failed.MayTry(IPAddress.Parse("198.51.100.2")));
    }

    [Theory]
    [InlineData("198.51.100.1", "::ffff:198.51.100.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true)] // one /64 is one customer
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("198.51.100.1", "198.51.100.2", false)]
    public void Addresses_of_one_customer_share_their_failures(string first, string second, bool isShared)
    {
        var failed = new FailedConnects(perSecond: 1, burst: 1, _time);
        Fail(failed, IPAddress.Parse(first), 1);

        Assert.Equal(!isShared, failed.MayTry(IPAddress.Parse(second)));
    }

    [Fact]
    public void No_more_addresses_are_remembered_than_there_is_room_for_and_the_latest_are()
    {
        var failed = new FailedConnects(perSecond: 1, burst: 1, _time, capacity: 2);
        IPAddress[] addresses = [.. Enumerable.Range(1, 3).Select(i => IPAddress.Parse($"198.51.100.{i}"))];
        Fail(failed, addresses[0], 1);
        Fail(failed, addresses[1], 1);
        Fail(failed, addresses[0], 1); // once more: the second is now the oldest

        Fail(failed, addresses[2], 1);

        Assert.Equal([false, true, false], addresses.Select(failed.MayTry));
    }

    private static int Fail(FailedConnects failed, IPAddress address, int times) => Enumerable.Range(0, times).Count(_ => failed.TryCount(address));

    [Theory]
    [InlineData(-1, 8883, 100, 500, "Mqtt:Port is -1; it must be 0 to 65535.")]
    [InlineData(1883, 65_536, 100, 500, "Mqtt:TlsPort is 65536; it must be 0 to 65535.")]
    [InlineData(1883, 8883, 0, 500, "Mqtt:MessagesPerSecond is 0; it must be 1 to 100000.")]
    [InlineData(1883, 8883, 100, 0, "Mqtt:MessageBurst is 0; it must be 1 to 1000000.")]
    [InlineData(0, 0, 1, 1, null)]
    public void A_setting_out_of_range_is_refused_by_its_key(int port, int tlsPort, int messages, int burst, string? failure)
    {
        var options = new MqttOptions { Port = port, TlsPort = tlsPort, MessagesPerSecond = messages, MessageBurst = burst };

        Assert.Equal(failure, new MqttOptionsValidator().Validate(Options.DefaultName, options).FailureMessage);
    }

    private static int Take(TokenBucket limits, int times) => Enumerable.Range(0, times).Count(_ => limits.TryTake());
}
