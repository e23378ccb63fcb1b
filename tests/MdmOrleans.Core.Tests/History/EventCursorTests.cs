using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.History;

public sealed class EventCursorTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(ulong.MaxValue, long.MaxValue)]
    public void A_cursor_comes_back_from_its_text(ulong transaction, long position)
    {
        var cursor = new EventCursor(transaction, position);

        Assert.True(EventCursor.TryParse(cursor.ToText(Acme), Acme, out var read));
        Assert.Equal(cursor, read);
    }

    [Fact]
    public void A_cursor_of_another_tenant_is_none()
    {
        var text = new EventCursor(7, 8).ToText(Acme);

        Assert.False(EventCursor.TryParse(text, TenantId.Parse("globex"), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("17")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("////////////////////////////")]
    [InlineData("ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ")]
    public void What_nobody_gave_out_is_none(string? text)
    {
        Assert.False(EventCursor.TryParse(text, Acme, out _));
    }

    [Fact]
    public void Any_changed_letter_makes_it_none()
    {
        var text = new EventCursor(1234, 5678).ToText(Acme);

        for (var i = 0; i < text.Length; i++)
        {
            var other = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Assert.False(EventCursor.TryParse(other, Acme, out _), other);
        }
    }
}
