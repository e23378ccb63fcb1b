using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Server.Demo;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>What the demo writes for an event.</summary>
public sealed class DemoLineTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 3, 0, 7, TimeSpan.Zero);

    [Fact]
    public void A_line_says_when_which_device_and_what_changed_why()
    {
        var line = DemoLine.Of(AnEvent(EventKinds.LifecycleChanged, "Active", "Quarantined", "lost"), isColored: false, TimeZoneInfo.Utc);

        Assert.Equal("03:00:07 acme:ios-2               lifecycle              Active → Quarantined (lost)", line);
    }

    [Fact]
    public void A_command_is_named_by_its_kind()
    {
        var held = AnEvent(EventKinds.CommandHeld, null, null, "lostWipe", """{ "command": "0193", "kind": "wipe" }""");

        Assert.EndsWith(" wipe held              lostWipe", DemoLine.Of(held, isColored: false, TimeZoneInfo.Utc), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventKinds.ComplianceChanged, "noncompliant", "\e[31m")]
    [InlineData(EventKinds.ComplianceChanged, "inGracePeriod", "\e[33m")]
    [InlineData(EventKinds.AccessChanged, "allow", "\e[32m")]
    [InlineData(EventKinds.PostureChanged, null, "\e[90m")]
    public void Bad_news_is_red_and_good_news_green(string kind, string? to, string color)
    {
        var line = DemoLine.Of(AnEvent(kind, "unknown", to, null), isColored: true, TimeZoneInfo.Utc);

        Assert.StartsWith(color, line, StringComparison.Ordinal);
        Assert.EndsWith("\e[0m", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, true)]
    [InlineData(false, "", true)]
    [InlineData(false, "1", false)]
    [InlineData(true, null, false)]
    public void Colors_are_for_a_terminal_without_NO_COLOR(bool isRedirected, string? noColor, bool wanted) =>
        Assert.Equal(wanted, DemoConsole.WantsColor(isRedirected, noColor));

    private static StreamedEvent AnEvent(string kind, string? from, string? to, string? reason, string detail = "{}") => new(
        DeviceId.TryParse("acme/ios-2", out var id) ? id : default,
        new DeviceEvent
        {
            Number = 1,
            At = At,
            RecordedAt = At,
            Kind = kind,
            Actor = "key:admin",
            From = from,
            To = to,
            Reason = reason,
            Epoch = 1,
            Detail = Utf8Block.FromText(detail),
            Hash = default,
        },
        default);
}
