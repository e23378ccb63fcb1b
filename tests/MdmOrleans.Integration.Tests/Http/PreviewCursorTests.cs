using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Core;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>The checksum of a cursor has no key: anybody can make one that fits.</summary>
public sealed class PreviewCursorTests
{
    private static readonly Utf8Block Draft = Utf8Block.FromText("{}");

    [Theory]
    [InlineData("a/1/0")]
    [InlineData("a/1/0/0/0")]
    [InlineData("a/x/0/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("a/99999999999999999999/0/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("a/9000000000000000000/0/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("a/-1/0/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("a/1/2/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("a/1/0/0/0/0/0/0/0/0/0/0/-1")]
    [InlineData("not a device/1/0/0/0/0/0/0/0/0/0/0/0")]
    [InlineData("")]
    public void A_forged_cursor_is_unknown(string payload) => Assert.Null(PreviewCursor.Parse(Forge(payload), Draft));

    [Fact]
    public void A_cursor_that_was_given_out_is_read_back() =>
        Assert.Equal("a", PreviewCursor.Parse(new PreviewCursor("a", DateTimeOffset.UnixEpoch, true, new PreviewCounts()).ToText(Draft), Draft)?.After);

    private static string Forge(string payload)
    {
        var hash = new XxHash64();
        hash.Append(Draft.Span);
        hash.Append(Encoding.UTF8.GetBytes(payload));
        var checksum = hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{checksum}/{payload}"));
    }
}
